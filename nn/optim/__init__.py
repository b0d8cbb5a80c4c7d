"""Optimizers, schedules of the learning rate, and clipping, in torch.optim's words."""

from nn.optim.base import Optimizer
from nn.optim.clipping import clip_grad_norm_, clip_grad_value_, norm_of, scale_to_norm
from nn.optim.optimizers import SGD, Adagrad, Adam, AdamW, RMSprop
from nn.optim.schedules import CosineAnnealingLR, LinearLR, Schedule, StepLR

__all__ = [
    "SGD",
    "Adagrad",
    "Adam",
    "AdamW",
    "CosineAnnealingLR",
    "LinearLR",
    "Optimizer",
    "RMSprop",
    "Schedule",
    "StepLR",
    "clip_grad_norm_",
    "clip_grad_value_",
    "norm_of",
    "scale_to_norm",
]
