/// How a model writes a box as four numbers, in pixels of the network's input.
public enum BoxFormat: String, Hashable, Sendable, CaseIterable {
  /// Two corners: left, top, right, bottom.
  case xyxy
  /// Centre, then width and height.
  case cxcywh
}
