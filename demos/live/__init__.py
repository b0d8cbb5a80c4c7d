"""The scripted hour: the engine in seven small files. The plan for the teacher is PLAN.md."""
