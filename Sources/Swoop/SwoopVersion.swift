/// The version of this package.
public enum SwoopVersion {
  /// As it stands in records and reports.
  public static let current = "0.1.0"
}
