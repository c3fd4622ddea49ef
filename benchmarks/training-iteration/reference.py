#!/usr/bin/python3
"""One iteration of Algorithm 1 (Online Mutual Knowledge Distillation) in plain PyTorch: the yardstick for speed.

Same networks, losses, order of updates, shared forward passes, optimizer and batch as MkdSeg.Training with the phantom
preset. Reads one line per request from standard input, "<iterations>", and answers with the seconds per iteration, so that the
caller can let it and its own implementation take turns on the same machine; with --iterations it runs once.
"""
import argparse
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F


class ResidualUnit(nn.Module):
    def __init__(self, channels, filters, stride):
        super().__init__()
        self.norm1 = nn.InstanceNorm2d(channels, affine=True)
        self.norm2 = nn.InstanceNorm2d(filters, affine=True)
        if stride == 1:
            self.conv1 = nn.Conv2d(channels, filters, 3, padding=1, bias=False)
        else:
            self.conv1 = nn.Conv2d(channels, filters, 2 * stride, stride, stride // 2, bias=False)
        self.conv2 = nn.Conv2d(filters, filters, 3, padding=1, bias=False)
        self.stride, self.added = stride, filters - channels
        self.shortcut = nn.Conv2d(channels, filters, 3, padding=1, bias=False) if self.added < 0 else None

    def forward(self, x):
        y = self.conv1(F.relu6(self.norm1(x)))
        y = self.conv2(F.relu6(self.norm2(y)))
        s = x if self.stride == 1 else F.max_pool2d(x, self.stride)
        if self.added > 0:
            s = F.pad(s, (0, 0, 0, 0, self.added // 2, self.added - self.added // 2))
        elif self.shortcut is not None:
            s = self.shortcut(s)
        return y + s


class ResidualUNet(nn.Module):
    def __init__(self, filters, classes, units=1):
        super().__init__()
        self.stem = nn.Conv2d(1, filters[0], 3, padding=1, bias=False)
        self.encode, self.decode = nn.ModuleList(), nn.ModuleList()
        for level in range(1, len(filters)):
            channels = filters[level - 1]
            self.encode.append(nn.Sequential(*[
                ResidualUnit(channels if u == 0 else filters[level], filters[level], 2 if u == 0 else 1)
                for u in range(units)]))
        for level in reversed(range(len(filters) - 1)):
            channels = filters[level] + filters[level + 1]
            self.decode.append(nn.Sequential(*[
                ResidualUnit(channels if u == 0 else filters[level], filters[level], 1) for u in range(units)]))
        self.classify = nn.Conv2d(filters[0], classes, 1)

    def forward(self, x):
        x = self.stem(x)
        skips = []
        for encode in self.encode:
            skips.append(x)
            x = encode(x)
        for decode in self.decode:
            x = F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)
            x = decode(torch.cat([skips.pop(), x], 1))
        return self.classify(x)


class Block(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.body = nn.Sequential(
            nn.ReflectionPad2d(1), nn.Conv2d(channels, channels, 3), nn.InstanceNorm2d(channels), nn.ReLU(),
            nn.ReflectionPad2d(1), nn.Conv2d(channels, channels, 3), nn.InstanceNorm2d(channels))

    def forward(self, x):
        return self.body(x) + x


class Generator(nn.Module):
    def __init__(self, width, blocks, downsamplings):
        super().__init__()
        self.stem = nn.Sequential(nn.ReflectionPad2d(3), nn.Conv2d(1, width, 7), nn.InstanceNorm2d(width), nn.ReLU())
        layers = []
        for _ in range(downsamplings):
            layers += [nn.Conv2d(width, 2 * width, 3, 2, 1), nn.InstanceNorm2d(2 * width), nn.ReLU()]
            width *= 2
        layers += [Block(width) for _ in range(blocks)]
        for _ in range(downsamplings):
            layers += [nn.ConvTranspose2d(width, width // 2, 3, 2, 1, 1), nn.InstanceNorm2d(width // 2), nn.ReLU()]
            width //= 2
        self.body = nn.Sequential(*layers)
        self.head = nn.Sequential(
            nn.ReflectionPad2d(1), nn.Conv2d(2 * width, width, 3), nn.InstanceNorm2d(width), nn.ReLU(),
            nn.ReflectionPad2d(3), nn.Conv2d(width, 1, 7))

    def forward(self, x):
        stem = self.stem(x)
        change = self.head(torch.cat([stem, self.body(stem)], 1))
        return torch.tanh(change + torch.atanh(x.clamp(-0.5, 0.5)))


def discriminator(width, strided):
    layers = [nn.Conv2d(1, width, 4, 2, 1), nn.LeakyReLU(0.2)]
    channels = width
    for i in range(1, strided + 1):
        wider = width * min(2 ** i, 8)
        layers += [nn.Conv2d(channels, wider, 4, 2 if i < strided else 1, 1), nn.InstanceNorm2d(wider),
                   nn.LeakyReLU(0.2)]
        channels = wider
    return nn.Sequential(*layers, nn.Conv2d(channels, 1, 4, 1, 1))


def cross_entropy(y, log_p):
    return -(y * log_p).mean() * log_p.shape[1]


def supervised(y, logits):
    log_p = logits.log_softmax(1)
    p = log_p.exp()
    labelled, overlap = y[:, 1:].sum((0, 2, 3)), (y[:, 1:] * p[:, 1:]).sum((0, 2, 3))
    dice = (2 * overlap + 1e-5) / (p[:, 1:].sum((0, 2, 3)) + labelled + 1e-5)
    present = labelled.clamp(0, 1)
    return cross_entropy(y, log_p) + (present.sum() - (dice * present).sum()) / present.sum().clamp(min=1), log_p, p


class Frozen:
    def __init__(self, *networks):
        self.parameters = [p for n in networks for p in n.parameters()]

    def __enter__(self):
        for p in self.parameters:
            p.requires_grad_(False)

    def __exit__(self, *_):
        for p in self.parameters:
            p.requires_grad_(True)


class Mkd:
    def __init__(self, args):
        self.g_at, self.g_ta = (Generator(args.ngf, args.blocks, 1) for _ in range(2))
        self.d_t, self.d_a = (discriminator(args.ndf, 2) for _ in range(2))
        self.s_syn, self.s_real = (ResidualUNet([args.base << i for i in range(4)], args.classes) for _ in range(2))
        adam = torch.optim.Adam
        self.optimizers = {
            **{n: adam(n.parameters(), 1e-3, (0.5, 0.999)) for n in (self.g_at, self.g_ta)},
            **{n: adam(n.parameters(), 1e-4, (0.5, 0.999)) for n in (self.d_t, self.d_a)},
            **{n: adam(n.parameters(), 1e-3) for n in (self.s_syn, self.s_real)}}

    def update(self, network, loss):
        self.optimizers[network].zero_grad()
        loss.backward()
        self.optimizers[network].step()

    def update_discriminator(self, d, real, generated):
        on_real, on_generated = d(torch.cat([real, generated])).chunk(2)
        self.update(d, 0.5 * ((on_real - 1).square().mean() + on_generated.square().mean()))

    def step(self, x_t, y_t, x_a, y_a):
        x_ta = self.g_ta(x_t)
        with Frozen(self.g_ta, self.d_t, self.s_syn):
            x_at, x_tat = self.g_at(torch.cat([x_a, x_ta.detach()])).chunk(2)
            cycle = (self.g_ta(x_at) - x_a).abs().mean() + (x_tat - x_t).abs().mean()
            sup, _, _ = supervised(y_a, self.s_syn(x_at))
            self.update(self.g_at, (self.d_t(x_at) - 1).square().mean() + 10 * cycle + sup)
        with torch.no_grad():
            x_at = self.g_at(x_a)
        self.update_discriminator(self.d_t, x_t, x_at)
        with Frozen(self.g_at, self.d_a):
            cycle = (self.g_ta(x_at) - x_a).abs().mean() + (self.g_at(x_ta) - x_t).abs().mean()
            self.update(self.g_ta, (self.d_a(x_ta) - 1).square().mean() + 10 * cycle)
        with torch.no_grad():
            x_ta = self.g_ta(x_t)
        self.update_discriminator(self.d_a, x_a, x_ta)
        real_at, real_t = self.s_real(torch.cat([x_at, x_t])).chunk(2)
        sup_real, _, p_real_t = supervised(y_t, real_t)
        syn_at, syn_t = self.s_syn(torch.cat([x_at, x_t])).chunk(2)
        sup_syn, _, _ = supervised(y_a, syn_at)
        self.update(self.s_syn, sup_syn + cross_entropy(p_real_t.detach(), syn_t.log_softmax(1)))
        with torch.no_grad():
            p_syn_at = self.s_syn(x_at).softmax(1)
        self.update(self.s_real, sup_real + 0.5 * cross_entropy(p_syn_at, real_at.log_softmax(1)))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--iterations", type=int, help="run once and print seconds per iteration")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--patch", type=int, default=64)
    parser.add_argument("--batch", type=int, default=2)
    parser.add_argument("--classes", type=int, default=8)
    parser.add_argument("--ngf", type=int, default=16)
    parser.add_argument("--blocks", type=int, default=4)
    parser.add_argument("--ndf", type=int, default=32)
    parser.add_argument("--base", type=int, default=16)
    args = parser.parse_args()
    torch.manual_seed(1)
    torch.set_num_threads(args.threads)
    mkd = Mkd(args)
    shape = (args.batch, 1, args.patch, args.patch)
    y = F.one_hot(torch.randint(0, args.classes, shape[:1] + shape[2:]), args.classes).permute(0, 3, 1, 2).float()
    batch = (torch.rand(shape) * 2 - 1, y, torch.rand(shape) * 2 - 1, y.flip(0).contiguous())

    def seconds_per_iteration(iterations):
        start = time.perf_counter()
        for _ in range(iterations):
            mkd.step(*batch)
        return (time.perf_counter() - start) / iterations

    if args.iterations:
        seconds_per_iteration(3)
        print(f"{seconds_per_iteration(args.iterations):.4f}")
        return
    for line in sys.stdin:
        print(f"{seconds_per_iteration(int(line)):.6f}", flush=True)


if __name__ == "__main__":
    main()
