"""Neurons, layers and MLPs made of ``autograd.Value``, in PyTorch's words."""

from nn.layers import MLP, Layer, Neuron
from nn.losses import hinge_loss, mse_loss
from nn.module import Module
from nn.optim import SGD

__all__ = ["MLP", "SGD", "Layer", "Module", "Neuron", "hinge_loss", "mse_loss"]
