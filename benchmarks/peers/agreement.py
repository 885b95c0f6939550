"""Whether two programs found the same things.

A detection is (class, confidence, x1, y1, x2, y2), boxes in pixels of the image.
"""

from dataclasses import dataclass, field


@dataclass
class Tolerance:
    iou: float  # the least overlap of two boxes that are the same
    confidence: float  # the largest difference of their confidences
    unmatched: float = 0.0  # the largest share of boxes without a partner, borderline ones apart
    threshold: float = 0.25  # boxes this close to it may be on either side: within `confidence`

    def describe(self):
        text = f"IoU ≥ {self.iou}, confidence within {self.confidence}"
        return text + (f", at most {self.unmatched:.1%} of boxes unmatched" if self.unmatched else ", every box matched")


FLOAT32 = Tolerance(iou=0.99, confidence=0.002)
# bfloat16 keeps 8 bits of a number, and the order of sums differs with the batch: boxes move by a pixel or so, scores by a
# hundredth, and where two boxes overlap by just about the suppression threshold one more or one less remains.
REDUCED = Tolerance(iou=0.9, confidence=0.03, unmatched=0.01)


@dataclass
class Agreement:
    boxes: int = 0
    matched: int = 0
    borderline: int = 0
    unmatched: int = 0
    worst_iou: float = 1.0
    worst_confidence: float = 0.0
    failures: list = field(default_factory=list)

    @property
    def agrees(self):
        return not self.failures

    def describe(self):
        return (
            f"{self.matched} of {self.boxes} boxes matched, {self.borderline} borderline, {self.unmatched} without "
            f"partner; lowest IoU {self.worst_iou:.4f}, largest confidence difference {self.worst_confidence:.4f}"
        )


def iou(a, b):
    width = min(a[4], b[4]) - max(a[2], b[2])
    height = min(a[5], b[5]) - max(a[3], b[3])
    if width <= 0 or height <= 0:
        return 0.0
    common = width * height
    return common / ((a[4] - a[2]) * (a[5] - a[3]) + (b[4] - b[2]) * (b[5] - b[3]) - common)


def compare(ours, theirs, tolerance):
    """Matches the boxes of two results, {image name: [detection]}, greedily from the highest overlap."""
    result = Agreement()
    if set(ours) != set(theirs):
        missing = sorted(set(ours) ^ set(theirs))
        result.failures.append(f"{len(missing)} images have a result on one side only, for example {missing[0]}")
        return result
    for image in sorted(ours):
        left, right = list(ours[image]), list(theirs[image])
        result.boxes += max(len(left), len(right))
        pairs = sorted(
            ((iou(a, b), i, j) for i, a in enumerate(left) for j, b in enumerate(right) if a[0] == b[0]), reverse=True
        )
        taken_left, taken_right = set(), set()
        for overlap, i, j in pairs:
            if overlap < tolerance.iou:
                break
            difference = abs(left[i][1] - right[j][1])
            if i in taken_left or j in taken_right or difference > tolerance.confidence:
                continue
            taken_left.add(i)
            taken_right.add(j)
            result.matched += 1
            result.worst_iou = min(result.worst_iou, overlap)
            result.worst_confidence = max(result.worst_confidence, difference)
        alone = [d for i, d in enumerate(left) if i not in taken_left]
        alone += [d for j, d in enumerate(right) if j not in taken_right]
        for detection in alone:
            if detection[1] <= tolerance.threshold + tolerance.confidence:
                result.borderline += 1
            else:
                result.unmatched += 1
                if len(result.failures) < 5:
                    result.failures.append(f"{image}: no partner for class {detection[0]} at {detection[1]:.3f}")
    if result.unmatched <= tolerance.unmatched * max(1, result.boxes):
        result.failures = []
    return result
