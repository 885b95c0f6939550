"""python3 -m unittest discover benchmarks/peers"""

import random
import unittest

import agreement


def boxes(count, seed):
    source = random.Random(seed)
    result = []
    for _ in range(count):
        x, y = source.uniform(0, 500), source.uniform(0, 400)
        corners = [x, y, x + source.uniform(10, 90), y + source.uniform(10, 90)]
        result.append([source.randrange(3), source.uniform(0.3, 1), *corners])
    return result


class AgreementTests(unittest.TestCase):
    def setUp(self):
        self.ours = {f"{index}.jpg": boxes(index, index) for index in range(20)}

    def compare(self, theirs, tolerance=agreement.FLOAT32):
        return agreement.compare(self.ours, theirs, tolerance)

    def test_the_same_in_another_order_agrees(self):
        theirs = {name: random.Random(1).sample(found, len(found)) for name, found in self.ours.items()}
        result = self.compare(theirs)
        self.assertTrue(result.agrees)
        self.assertEqual((result.matched, result.boxes, result.unmatched), (190, 190, 0))
        self.assertEqual(result.worst_iou, 1)

    def test_small_differences_agree_and_are_stated(self):
        theirs = {n: [[c, s + 0.0015, x + 0.01, y, r, b] for c, s, x, y, r, b in f] for n, f in self.ours.items()}
        result = self.compare(theirs)
        self.assertTrue(result.agrees)
        self.assertAlmostEqual(result.worst_confidence, 0.0015)
        self.assertLess(result.worst_iou, 1)

    def test_one_thing_wrong_is_found(self):
        def changed(change):
            theirs = {name: [list(box) for box in found] for name, found in self.ours.items()}
            change(theirs["7.jpg"])
            return theirs

        changes = {
            "class": lambda found: found[2].__setitem__(0, 9),
            "confidence": lambda found: found[2].__setitem__(1, found[2][1] - 0.01),
            "position": lambda found: found[2].__setitem__(2, found[2][2] + 3),
            "missing": lambda found: found.pop(2),
            "more": lambda found: found.append([0, 0.9, 1000, 1000, 1010, 1010]),
        }
        for what, change in changes.items():
            result = self.compare(changed(change))
            self.assertFalse(result.agrees, what)
            self.assertIn("7.jpg", result.failures[0])

    def test_a_box_at_the_threshold_may_be_missing(self):
        theirs = {name: list(found) for name, found in self.ours.items()}
        theirs["3.jpg"] = theirs["3.jpg"] + [[1, 0.2519, 600, 0, 620, 20]]
        result = self.compare(theirs)
        self.assertTrue(result.agrees)
        self.assertEqual(result.borderline, 1)

    def test_two_boxes_in_one_place_need_two_partners(self):
        double = {"a": [[0, 0.9, 0, 0, 10, 10], [0, 0.9, 0, 0, 10, 10]]}
        self.assertFalse(agreement.compare(double, {"a": double["a"][:1]}, agreement.FLOAT32).agrees)
        self.assertTrue(agreement.compare(double, double, agreement.FLOAT32).agrees)

    def test_other_images_never_agree(self):
        self.assertFalse(self.compare({name: found for name, found in self.ours.items() if name != "0.jpg"}).agrees)

    def test_reduced_precision_may_lose_one_box_in_a_hundred(self):
        theirs = {name: list(found) for name, found in self.ours.items()}
        theirs["9.jpg"] = theirs["9.jpg"][:-1]
        self.assertTrue(self.compare(theirs, agreement.REDUCED).agrees)
        theirs["11.jpg"] = theirs["11.jpg"][:-1]
        self.assertFalse(self.compare(theirs, agreement.REDUCED).agrees)


if __name__ == "__main__":
    unittest.main()
