function diagnose(kind, numbers, answer) { const right = kind === "forward" ? numbers.result : numbers.contribution; return Math.abs(answer-right) < 1e-3*Math.abs(right) ? "right" : "mispredicted"; }
