"""Prepares photographs, fonts and marker dictionaries for the generator.

Photographs and fonts come from Debian packages under free licences, are scaled down and serve as training input only:
nothing of them is in the repository. The model card lists the packages.
"""

import argparse
import glob
import io
import os
import re
import subprocess
import tempfile

import cv2
import numpy as np

PHOTOS = {
    "lomiri-wallpapers-16.04": r".*",
    "lomiri-wallpapers-20.04": r".*",
    "ukui-wallpapers": r".*",
    "gnome-backgrounds": r".*",
    "opencv-doc": r".*/examples/(alphamat/input_images/plant|hfs/data/000|dnn_superres/butterfly|reg/home|text/scenetext\w+"
    r"|data/(aero[13]|aloeL|apple|baboon|basketball1|board|box|box_in_scene|building|butterfly|cards|chicky_512|digits"
    r"|ela_\w+|fruits|graf[13]|home|imageText[NR]|left|left01|left05|left09|leuvenA|licenseplate_motion|messi5|orange"
    r"|rubberwhale1|smarties|squirrel_cls|starry_night|stuff|sudoku|text_\w+|right))\.\w+",
    "python3-skimage": r".*/(astronaut|brick|camera|cell|chelsea|clock_motion|coffee|coins|grass|gravel|ihc|motorcycle_left"
    r"|page|rocket|text|moon)\.\w+",
}
FONTS = (
    "fonts-liberation fonts-lato fonts-roboto-unhinted fonts-open-sans fonts-inconsolata fonts-dejavu-core fonts-breip "
    "fonts-dancingscript fonts-cantarell fonts-comfortaa fonts-quicksand fonts-lobster fonts-ocr-b fonts-play "
    "fonts-crosextra-caladea fonts-crosextra-carlito fonts-courier-prime fonts-wqy-microhei fonts-bebas-neue "
    "fonts-femkeklaver fonts-jura fonts-gfs-didot fonts-cabin fonts-comic-neue fonts-ebgaramond fonts-dseg"
).split()
FONT_NAMES = r"(?!.*(Italic|Oblique|Thin|Hairline|Black|Light|Semibold|Symbol|14|Keshan|Modern-[LRB]\w*Mini|Weather)).*\.(ttf|otf|ttc)"


def unpack(package, folder):
    target = os.path.join(folder, package)
    os.makedirs(target)
    subprocess.run(["apt-get", "download", "-qq", package], cwd=folder, check=True, stderr=subprocess.DEVNULL)
    archive = glob.glob(os.path.join(folder, package + "_*.deb"))[0]
    subprocess.run(["dpkg", "-x", archive, target], check=True)
    return sorted(p for p in glob.glob(target + "/**/*", recursive=True) if os.path.isfile(p) and not os.path.islink(p))


def pieces(image):
    """The whole picture, and two cut-outs of a large one for texture at another scale."""
    yield image
    h, w = image.shape[:2]
    if min(h, w) > 1400:
        yield image[h // 8 : h // 8 + h // 2, : h // 2]
        yield image[h // 2 :, w - h // 2 :]


def markers():
    """Bits (1 = white) of the dictionaries that OpenCV carries, up to 250 of each."""
    a = cv2.aruco
    names = {
        "4x4": a.DICT_4X4_250, "5x5": a.DICT_5X5_250, "6x6": a.DICT_6X6_250, "7x7": a.DICT_7X7_250,
        "original": a.DICT_ARUCO_ORIGINAL, "16h5": a.DICT_APRILTAG_16h5, "25h9": a.DICT_APRILTAG_25h9,
        "36h10": a.DICT_APRILTAG_36h10, "36h11": a.DICT_APRILTAG_36h11,
    }
    out = {}
    for name, code in names.items():
        d = a.getPredefinedDictionary(code)
        n = d.markerSize
        bits = [a.generateImageMarker(d, i, n + 2)[1:-1, 1:-1] > 127 for i in range(min(250, len(d.bytesList)))]
        out[name] = np.array(bits, np.uint8)
    return out


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("destination")
    folder = parser.parse_args().destination
    os.makedirs(folder + "/photos", exist_ok=True)
    os.makedirs(folder + "/fonts", exist_ok=True)
    np.savez_compressed(folder + "/markers.npz", **markers())
    with tempfile.TemporaryDirectory() as work:
        for package, wanted in PHOTOS.items():
            n = 0
            for path in unpack(package, work):
                if not re.fullmatch(wanted, path) or not path.lower().endswith((".jpg", ".jpeg", ".png", ".webp")):
                    continue
                if os.path.getsize(path) < 8000 or "/share/doc/" in path and "examples" not in path:
                    continue
                image = cv2.imread(path, cv2.IMREAD_COLOR)
                if image is None or min(image.shape[:2]) < 120:
                    continue
                for piece in pieces(image):
                    s = min(1.0, 720 / max(piece.shape[:2]))
                    small = cv2.resize(piece, None, fx=s, fy=s, interpolation=cv2.INTER_AREA)
                    cv2.imwrite(f"{folder}/photos/{package}-{n:03d}.jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 85])
                    n += 1
            print(package, n)
        for package in FONTS:
            n = 0
            for path in unpack(package, work):
                name = os.path.basename(path)
                if re.fullmatch(FONT_NAMES, name) and n < (5 if package != "fonts-dseg" else 2):
                    with open(path, "rb") as source, open(f"{folder}/fonts/{package}--{name}", "wb") as target:
                        target.write(source.read())
                    n += 1
            print(package, n)


if __name__ == "__main__":
    main()
