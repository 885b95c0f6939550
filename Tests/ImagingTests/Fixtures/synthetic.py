"""The synthetic pictures and the fingerprint of the golden tests; SyntheticPictures.swift has the same in Swift."""
import numpy

MASK = (1 << 64) - 1


def splitmix(n):
    """SplitMix64 of an array of uint64: the n-th output of the generator seeded with zero is splitmix((n + 1) * gamma)."""
    n = n.astype(numpy.uint64)
    with numpy.errstate(over="ignore"):
        n = (n ^ (n >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
        n = (n ^ (n >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
    return n ^ (n >> numpy.uint64(31))


def words(seed, count):
    """`count` words: splitmix((seed + index + 1) * 0x9E3779B97F4A7C15)."""
    index = numpy.arange(1, count + 1, dtype=numpy.uint64) + numpy.uint64(seed)
    with numpy.errstate(over="ignore"):
        return splitmix(index * numpy.uint64(0x9E3779B97F4A7C15))


def picture(width, height, seed, mode):
    """RGB bytes [height, width, 3].

    Mode 0 is noise: the bytes of words(seed, ...), little endian. Mode 1 is the same noise driven to 0 and 255, which
    overshoots wherever a resize can. Mode 2 is smooth: (x * a + y * b + c * 85) >> 4 mod 256 with a, b from the seed.
    """
    count = width * height * 3
    if mode == 2:
        y, x, c = numpy.mgrid[0:height, 0:width, 0:3]
        return ((x * (seed % 61 + 1) + y * (seed % 47 + 1) + c * 85) // 16 % 256).astype(numpy.uint8)
    noise = words(seed, (count + 7) // 8).astype("<u8").view(numpy.uint8)[:count]
    if mode == 1:
        noise = numpy.where(noise < 128, 0, 255).astype(numpy.uint8)
    return noise.reshape(height, width, 3).copy()


def fingerprint(data):
    """64 bits of the bytes: the sum, mod 2^64, of splitmix(word ^ words(0)[index]) over the little-endian words of the
    data, padded with zeros; then the number of bytes is added."""
    data = numpy.ascontiguousarray(data).view(numpy.uint8).reshape(-1)
    count = data.size
    padded = numpy.zeros((count + 7) // 8 * 8, numpy.uint8)
    padded[:count] = data
    mixed = splitmix(padded.view("<u8") ^ words(0, padded.size // 8))
    return (int(mixed.sum(dtype=numpy.uint64)) + count) & MASK
