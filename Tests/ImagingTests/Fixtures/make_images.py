#!/usr/bin/env python3
"""Writes images/ and images.tsv: small pictures of every kind that is read, with what Pillow and OpenCV decode.

    pip install numpy==2.4.6 pillow==13.0.0 opencv-python-headless==5.0.0.93 pillow-heif==1.8.1
    python3 make_images.py

Each line of images.tsv: file, width and height as stored, orientation, the fingerprint of the stored RGB bytes, that of
the upright ones, and whose decoder it is: `both` where the two agree, else the one followed here.
"""
import io
import pathlib
import struct
import zlib

import cv2
import numpy
import PIL
import pillow_heif
from PIL import Image

from synthetic import fingerprint, picture

assert PIL.__version__ == "13.0.0" and cv2.__version__ == "5.0.0", (PIL.__version__, cv2.__version__)
pillow_heif.register_heif_opener()

folder = pathlib.Path(__file__).parent / "images"
folder.mkdir(exist_ok=True)
for old in folder.iterdir():
    old.unlink()

WIDTH, HEIGHT = 37, 29
smooth, noise = picture(WIDTH, HEIGHT, 77, 2), picture(WIDTH, HEIGHT, 5, 0)
# Smooth, with noise in a corner: nothing about it is symmetric.
rgb = smooth.copy()
rgb[:9, :14] = noise[:9, :14]
alpha = picture(WIDTH, HEIGHT, 9, 2)[:, :, 0]
grey = rgb[:, :, 1]
colour = Image.fromarray(rgb)
lines = ["# file width height orientation stored upright decoder"]
EXIF = {
    "II": lambda value, kind: b"II*\0\x08\0\0\0" + struct.pack("<HHHIHHI", 1, 0x0112, kind, 1, value, 0, 0),
    "MM": lambda value, kind: b"MM\0*\0\0\0\x08"
    + (struct.pack(">HHHII", 1, 0x0112, 4, 1, value) if kind == 4 else struct.pack(">HHHIHH", 1, 0x0112, 3, 1, value, 0))
    + b"\0\0\0\0",
}


def upright(pixels, orientation):
    """EXIF orientation as defined: what the first row and column are."""
    p = pixels
    return {
        1: p, 2: p[:, ::-1], 3: p[::-1, ::-1], 4: p[::-1], 5: p.transpose(1, 0, 2), 6: p[::-1].transpose(1, 0, 2),
        7: p[::-1, ::-1].transpose(1, 0, 2), 8: p[:, ::-1].transpose(1, 0, 2),
    }[orientation]


def decoded(data):
    """Stored RGB by OpenCV and by Pillow, or None."""
    raw = numpy.frombuffer(data, numpy.uint8)
    flags = cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION
    try:
        by_opencv = cv2.imdecode(raw, flags)
        by_opencv = None if by_opencv is None else by_opencv[:, :, ::-1]
    except cv2.error:
        by_opencv = None
    try:
        image = Image.open(io.BytesIO(data))
        by_pillow = numpy.asarray(image.convert("RGBA").convert("RGB") if "A" in image.mode else image.convert("RGB"))
    except Exception:
        by_pillow = None
    return by_opencv, by_pillow


def add(name, data, follow=None, orientation=1, stored=None):
    """Writes a file and its line. `follow` names the decoder followed where they differ; `stored` overrides both."""
    data = bytes(data)
    (folder / name).write_bytes(data)
    by_opencv, by_pillow = decoded(data)
    same = by_opencv is not None and by_pillow is not None and numpy.array_equal(by_opencv, by_pillow)
    if stored is not None:
        pixels, decoder = stored, follow or "definition"
    elif same:
        pixels, decoder = by_pillow, "both"
    else:
        assert follow, (name, "decoders differ", by_opencv is None, by_pillow is None,
                        None if by_opencv is None or by_pillow is None or by_opencv.shape != by_pillow.shape
                        else numpy.abs(by_opencv.astype(int) - by_pillow).max())
        pixels, decoder = {"opencv": by_opencv, "pillow": by_pillow}[follow], follow
        other = by_opencv if follow == "pillow" else by_pillow
        if other is not None and other.shape == pixels.shape:
            print(name, "follows", follow, "- largest difference", numpy.abs(pixels.astype(int) - other).max())
    height, width = pixels.shape[:2]
    straight = upright(pixels, orientation)
    lines.append(
        f"{name} {width} {height} {orientation} {fingerprint(pixels):016x} "
        f"{fingerprint(numpy.ascontiguousarray(straight)):016x} {decoder}")
    return data


def saved(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def with_exif(jpeg, exif):
    body = b"Exif\0\0" + exif
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + jpeg[2:]


# JPEG
for name, sampling in [("444", "4:4:4"), ("422", "4:2:2"), ("420", "4:2:0")]:
    add(f"jpeg-{name}.jpg", saved(colour, "JPEG", quality=87, subsampling=sampling))
plain = saved(colour, "JPEG", quality=87, subsampling="4:2:0")
for name, factors in [("440", 0x411111), ("411", 0x211111)]:
    ok, data = cv2.imencode(".jpg", rgb[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, 87, cv2.IMWRITE_JPEG_SAMPLING_FACTOR,
                            {"440": cv2.IMWRITE_JPEG_SAMPLING_FACTOR_440, "411": cv2.IMWRITE_JPEG_SAMPLING_FACTOR_411}[name]])
    add(f"jpeg-{name}.jpg", data)
progressive = add("jpeg-progressive.jpg", saved(colour, "JPEG", quality=87, progressive=True, subsampling="4:2:0"))
add("jpeg-grey.jpg", saved(Image.fromarray(grey), "JPEG", quality=87))
add("jpeg-restart.jpg", saved(colour, "JPEG", quality=87, restart_marker_blocks=1))
add("jpeg-rgb.jpg", saved(colour, "JPEG", quality=87, keep_rgb=True))
inks = Image.fromarray(numpy.dstack([rgb, alpha]), "CMYK")
cmyk = add("jpeg-cmyk.jpg", saved(inks, "JPEG", quality=95), "pillow")
at = cmyk.index(b"Adobe")
assert cmyk[at + 11] == 0
add("jpeg-ycck.jpg", cmyk[:at + 11] + b"\x02" + cmyk[at + 12:], "pillow")
# Without its Adobe segment; both decoders still take the inks as inverted.
add("jpeg-cmyk-no-adobe.jpg", cmyk[:at - 4] + cmyk[at + 12:], "pillow")
for orientation in range(1, 9):
    order = "II" if orientation % 2 else "MM"
    add(f"jpeg-orientation-{orientation}.jpg", with_exif(plain, EXIF[order](orientation, 3)), orientation=orientation)
add("jpeg-orientation-long.jpg", with_exif(plain, EXIF["MM"](6, 4)), orientation=6)
for value in (0, 9):
    add(f"jpeg-orientation-bad-{value}.jpg", with_exif(plain, EXIF["II"](value, 3)))
add("jpeg-exif-cut.jpg", with_exif(plain, b"II*\0\x08\0\0\0\xff\xff"))
add("jpeg-exif-loops.jpg", with_exif(plain, b"MM\0*\xff\xff\xff\xf0"))
# Untidy but whole.
reference = decoded(plain)[1]
add("jpeg-no-end-marker.jpg", plain[:-2], stored=reference)
add("jpeg-stray-at-end.jpg", plain[:-2] + b"\0\0\0\0\0" + plain[-2:], stored=reference)
add("jpeg-stray-before-segment.jpg", plain[:20] + b"\0\x12\x34" + plain[20:], stored=reference)
add("jpeg-stray-twice.jpg", plain[:20] + b"\0\x12\x34" + plain[20:-2] + b"\0\0\0" + plain[-2:], stored=reference)
add("jpeg-trailing-junk.jpg", plain + b"appended by a camera" * 3, stored=reference)
add("jpeg-jfif-3.jpg", plain.replace(b"JFIF\0\x01\x01", b"JFIF\0\x03\x01"), stored=reference)
second = saved(Image.fromarray(noise), "JPEG", quality=80)
add("jpeg-mpo.jpg", plain + second, stored=reference)
for width, height in [(1, 1), (1, 9), (17, 1), (8, 8), (16, 16)]:
    add(f"jpeg-{width}x{height}.jpg", saved(Image.fromarray(picture(width, height, 3, 2)), "JPEG", quality=90))

# PNG
rgba = Image.fromarray(numpy.dstack([rgb, alpha]))
add("png-rgb.png", saved(colour, "PNG"))
add("png-rgba.png", saved(rgba, "PNG"))
add("png-grey.png", saved(Image.fromarray(grey), "PNG"))
add("png-grey-alpha.png", saved(Image.fromarray(numpy.dstack([grey, alpha]), "LA"), "PNG"))
paletted = colour.quantize(19)
add("png-palette.png", saved(paletted, "PNG"))
add("png-palette-4.png", saved(colour.quantize(11), "PNG", bits=4))
add("png-palette-transparent.png", saved(paletted, "PNG", transparency=3))
add("png-1.png", saved(Image.fromarray(grey > 100), "PNG"))


def png(width, height, depth, kind, rows, extra=b"", interlaced=0):
    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, interlaced)
    data = b"".join(b"\0" + row for row in rows)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + chunk(b"IDAT", zlib.compress(data))
            + chunk(b"IEND", b""))


deep = (rgb.astype(numpy.uint16) << 8) | picture(WIDTH, HEIGHT, 21, 0)
add("png-16-rgb.png", png(WIDTH, HEIGHT, 16, 2, [row.astype(">u2").tobytes() for row in deep]))
add("png-16-grey.png", png(WIDTH, HEIGHT, 16, 0, [row.astype(">u2").tobytes() for row in deep[:, :, 1]]), "opencv")
deep_alpha = numpy.dstack([deep, deep[:, :, 0]])
add("png-16-rgba.png", png(WIDTH, HEIGHT, 16, 6, [row.astype(">u2").tobytes() for row in deep_alpha]))
ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
passes = [row.tobytes() for x, y, dx, dy in ADAM7 for row in rgb[y::dy, x::dx]]
add("png-interlaced.png", png(WIDTH, HEIGHT, 8, 2, passes, interlaced=1))
add("png-animated.png", saved(colour, "PNG", save_all=True, append_images=[Image.fromarray(noise)]))
exif = EXIF["MM"](6, 3)
chunk = struct.pack(">I", len(exif)) + b"eXIf" + exif + struct.pack(">I", zlib.crc32(b"eXIf" + exif))
add("png-orientation-6.png", png(WIDTH, HEIGHT, 8, 2, [row.tobytes() for row in rgb], extra=chunk), orientation=6)

# WebP
add("webp-lossy.webp", saved(colour, "WEBP", quality=80))
add("webp-lossless.webp", saved(colour, "WEBP", lossless=True))
add("webp-alpha.webp", saved(rgba, "WEBP", lossless=True, exact=True))
add("webp-animated.webp", saved(colour, "WEBP", lossless=True, save_all=True, append_images=[Image.fromarray(noise)]))
add("webp-orientation-8.webp", saved(colour, "WEBP", lossless=True, exif=EXIF["II"](8, 3)), orientation=8)

# GIF
add("gif.gif", saved(paletted, "GIF"), "pillow")
add("gif-animated.gif", saved(paletted, "GIF", save_all=True, append_images=[Image.fromarray(noise).quantize(19)]),
    "pillow")
add("gif-interlaced.gif", saved(paletted, "GIF", interlace=1), "pillow")
add("gif-transparent.gif", saved(paletted, "GIF", transparency=3), "pillow")
# Five bits of colours, then a frame smaller than its canvas, and one that reaches beyond it.
few = saved(colour.quantize(4), "GIF")
add("gif-4.gif", few, "pillow")
canvas = bytearray(few)
canvas[6:10] = struct.pack("<HH", WIDTH + 11, HEIGHT + 5)
add("gif-canvas.gif", canvas, "pillow")
canvas[6:10] = struct.pack("<HH", WIDTH - 11, HEIGHT - 5)
add("gif-beyond-canvas.gif", canvas, "pillow")
# Enough noise to fill the table of codes more than once.
add("gif-noise.gif", saved(Image.fromarray(picture(90, 70, 4, 0)).quantize(256), "GIF"), "pillow")

# TIFF
add("tiff-rgb.tif", saved(colour, "TIFF"))
add("tiff-lzw.tif", saved(colour, "TIFF", compression="tiff_lzw"))
add("tiff-deflate.tif", saved(colour, "TIFF", compression="tiff_adobe_deflate"))
add("tiff-grey.tif", saved(Image.fromarray(grey), "TIFF"))
add("tiff-palette.tif", saved(paletted, "TIFF"))
add("tiff-rgba.tif", saved(rgba, "TIFF"), "pillow")
add("tiff-1.tif", saved(Image.fromarray(grey > 100), "TIFF", compression="group4"), "pillow")
add("tiff-16-grey.tif", saved(Image.fromarray(deep[:, :, 1]), "TIFF"), "opencv")
ok, data = cv2.imencode(".tiff", deep[:, :, ::-1])
# OpenCV lets libtiff round these to 8 bits; other formats it shifts, as Pillow does here.
add("tiff-16-rgb.tif", data, "pillow")
add("tiff-cmyk.tif", saved(inks, "TIFF"), "pillow")
add("tiff-pages.tif", saved(colour, "TIFF", save_all=True, append_images=[Image.fromarray(noise)]))
add("tiff-orientation-3.tif", saved(colour, "TIFF", tiffinfo={274: 3}), orientation=3, stored=rgb)
add("tiff-orientation-6.tif", saved(colour, "TIFF", tiffinfo={274: 6}), orientation=6, stored=rgb)

# BMP
add("bmp-24.bmp", saved(colour, "BMP"))
add("bmp-32.bmp", saved(rgba, "BMP"))
add("bmp-8.bmp", saved(paletted, "BMP"))
add("bmp-grey.bmp", saved(Image.fromarray(grey), "BMP"))
add("bmp-1.bmp", saved(Image.fromarray(grey > 100), "BMP"))


def bmp(width, height, bits, method, pixels, palette=b"", header=b""):
    offset = 14 + 40 + len(header) + len(palette)
    info = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, method, len(pixels), 2835, 2835, len(palette) // 4, 0)
    return b"BM" + struct.pack("<IHHI", offset + len(pixels), 0, 0, offset) + info + header + palette + pixels


def padded(row):
    return row + b"\0" * (-len(row) % 4)


indices = numpy.asarray(colour.quantize(16))
colours = numpy.array(colour.quantize(16).getpalette()[:48], numpy.uint8).reshape(16, 3)
table = b"".join(bytes([b, g, r, 0]) for r, g, b in colours)
nibbles = [padded(bytes((int(row[i]) << 4) | (int(row[i + 1]) if i + 1 < WIDTH else 0) for i in range(0, WIDTH, 2)))
           for row in indices[::-1]]
add("bmp-4.bmp", bmp(WIDTH, HEIGHT, 4, 0, b"".join(nibbles), table), "pillow")
add("bmp-top-down.bmp", bmp(WIDTH, -HEIGHT, 24, 0, b"".join(padded(row[:, ::-1].tobytes()) for row in rgb)))
packed = ((rgb[:, :, 0].astype(numpy.uint16) >> 3) << 10) | ((rgb[:, :, 1].astype(numpy.uint16) >> 3) << 5) | (rgb[:, :, 2] >> 3)
add("bmp-16.bmp", bmp(WIDTH, HEIGHT, 16, 0, b"".join(padded(row.astype("<u2").tobytes()) for row in packed[::-1])), "pillow")
packed = ((rgb[:, :, 0].astype(numpy.uint16) >> 3) << 11) | ((rgb[:, :, 1].astype(numpy.uint16) >> 2) << 5) | (rgb[:, :, 2] >> 3)
add("bmp-565.bmp", bmp(WIDTH, HEIGHT, 16, 3, b"".join(padded(row.astype("<u2").tobytes()) for row in packed[::-1]),
                       header=struct.pack("<III", 0xF800, 0x07E0, 0x001F)), "pillow")


def runs(row):
    out, x = b"", 0
    while x < len(row):
        n = 1
        while x + n < len(row) and n < 255 and row[x + n] == row[x]:
            n += 1
        out, x = out + bytes([n, int(row[x])]), x + n
    return out + b"\0\0"


def literal(row):
    return b"\0" + bytes([len(row)]) + bytes(int(v) for v in row) + b"\0" * (len(row) % 2) + b"\0\0"


coded = b"".join(runs(row) if y % 2 else literal(row) for y, row in enumerate(indices[::-1])) + b"\0\1"
add("bmp-rle8.bmp", bmp(WIDTH, HEIGHT, 8, 1, coded, table), "pillow", stored=colours[indices])
coded = b"".join(b"".join(bytes([1, int(v) << 4]) for v in row) + b"\0\0" for row in indices[::-1]) + b"\0\1"
add("bmp-rle4.bmp", bmp(WIDTH, HEIGHT, 4, 2, coded, table), "pillow", stored=colours[indices])
core = b"BM" + struct.pack("<IHHI", 26 + 112 * HEIGHT, 0, 0, 26) + struct.pack("<IHHHH", 12, WIDTH, HEIGHT, 1, 24)
add("bmp-os2.bmp", core + b"".join(padded(row[:, ::-1].tobytes()) for row in rgb[::-1]), "pillow")

# PNM
add("pnm-p6.ppm", b"P6\n# a comment\n%d %d\n255\n" % (WIDTH, HEIGHT) + rgb.tobytes())
add("pnm-p5.pgm", b"P5 %d %d 255\n" % (WIDTH, HEIGHT) + grey.tobytes())
add("pnm-p3.ppm", b"P3\n%d %d\n255\n" % (WIDTH, HEIGHT) + b" ".join(b"%d" % v for v in rgb.reshape(-1)) + b"\n")
bits = numpy.packbits(grey > 100, axis=1)
add("pnm-p4.pbm", b"P4\n%d %d\n" % (WIDTH, HEIGHT) + bits.tobytes())
add("pnm-16.ppm", b"P6\n%d %d\n65535\n" % (WIDTH, HEIGHT) + deep.astype(">u2").tobytes(), "opencv")

# JPEG 2000, lossless
add("jp2.jp2", saved(colour, "JPEG2000"), "pillow")
add("jp2-grey.j2k", saved(Image.fromarray(grey), "JPEG2000", no_jp2=True), "pillow")

# AVIF and HEIC: decoders round the conversion to RGB differently, so the tests compare four flat fields with a tolerance.
fields = numpy.zeros((32, 48, 3), numpy.uint8)
fields[:16, :24], fields[:16, 24:], fields[16:, :24], fields[16:, 24:] = (200, 40, 30), (30, 160, 60), (20, 60, 190), (230, 220, 60)
(folder / "avif.avif").write_bytes(saved(Image.fromarray(fields), "AVIF", quality=95, subsampling="4:4:4"))
(folder / "avif-orientation-6.avif").write_bytes(
    saved(Image.fromarray(fields), "AVIF", quality=95, subsampling="4:4:4", exif=EXIF["MM"](6, 3)))
(folder / "heic.heic").write_bytes(saved(Image.fromarray(fields), "HEIF", quality=95, chroma="444"))
(folder / "heic-orientation-6.heic").write_bytes(
    saved(Image.fromarray(fields), "HEIF", quality=95, chroma="444", exif=b"Exif\0\0" + EXIF["MM"](6, 3)))
ten_bits = pillow_heif.from_bytes("RGB;16", (48, 32), (fields.astype(numpy.uint16) * 257).tobytes())
out = io.BytesIO()
ten_bits.save(out, quality=95, chroma="444")
(folder / "heic-10.heic").write_bytes(out.getvalue())

(pathlib.Path(__file__).parent / "images.tsv").write_text("\n".join(lines) + "\n")
print(len(lines) - 1, "pictures,", sum(f.stat().st_size for f in folder.iterdir()), "bytes")
