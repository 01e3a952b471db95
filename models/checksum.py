"""The FIT checksum (CRC-16 with polynomial x^16 + x^15 + x^2 + 1, bits reflected, start 0), at the speed of memory.

The checksum is linear over GF(2) and this polynomial has period 32,767, so a byte's share depends only on its
distance from the end modulo 32,767 bytes. The data is folded to that length by XOR; each of the sixteen checksum
bits is then the parity of the fold under one fixed mask. Short data, such as a workout, goes byte by byte.
"""

from __future__ import annotations

from functools import cache

import numpy as np

_POLYNOMIAL = 0xA001
_PERIOD = 32767
_WIDTH = 32768  # the period padded to whole 64-bit words; the padding byte is always zero
_SHORT = 2048  # bytes below which the masks do not pay


@cache
def _table() -> tuple[int, ...]:
    """The checksum of each single byte."""
    table = list(range(256))
    for _ in range(8):
        table = [(value >> 1) ^ (_POLYNOMIAL if value & 1 else 0) for value in table]
    return tuple(table)


@cache
def _masks() -> np.ndarray:
    """One row a checksum bit: which bits of the fold it is the parity of, uint64[16, 4096]."""
    powers = np.empty(_PERIOD, np.uint16)  # powers[i]: checksum of a lone bit i places before the end
    value = _POLYNOMIAL
    for i in range(_PERIOD):
        powers[i] = value
        value = (value >> 1) ^ (_POLYNOMIAL if value & 1 else 0)
    distance = np.arange(_PERIOD)[::-1]  # of each byte of the fold from its end
    # Bits travel low end first: bit 7 of the last byte is nearest to the end.
    nearness = 8 * distance[:, None] + (7 - np.arange(8))[None, :]
    share = powers[nearness % _PERIOD]
    rows = np.zeros((16, _WIDTH), np.uint8)
    for bit in range(16):
        rows[bit, 1:] = np.packbits((share >> bit) & 1, axis=1, bitorder="little")[:, 0]
    return rows.view(np.uint64)


def crc16(data: bytes | memoryview) -> int:
    """The FIT checksum of `data`, 0 for nothing."""
    if len(data) < _SHORT:
        crc, table = 0, _table()
        for byte in bytes(data):
            crc = (crc >> 8) ^ table[(crc ^ byte) & 0xFF]
        return crc
    octets = np.frombuffer(data, np.uint8)
    masks = _masks()
    head = len(octets) % _PERIOD
    if len(octets) < _PERIOD:  # the rest of the fold is zero and need not be looked at
        width = (head + 7) // 8 * 8
        fold = np.zeros(width, np.uint8)
        fold[width - head :] = octets
        masks = masks[:, (_WIDTH - width) // 8 :]
    else:
        fold = np.zeros(_WIDTH, np.uint8)
        fold[_WIDTH - head :] = octets[:head]
        fold[1:] ^= np.bitwise_xor.reduce(octets[head:].reshape(-1, _PERIOD), axis=0)
    words = fold.view(np.uint64)
    parity = np.bitwise_xor.reduce(masks & words, axis=1)
    for shift in (32, 16, 8, 4, 2, 1):
        parity ^= parity >> np.uint64(shift)
    return int(((parity & np.uint64(1)) << np.arange(16, dtype=np.uint64)).sum())
