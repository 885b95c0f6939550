internal import ArgumentParser
internal import Detection
internal import DynamicLibrary
internal import Evaluation
internal import EvaluationFiles
internal import Glibc
internal import Imaging
internal import Inference
internal import ONNX
internal import Swoop

/// The exit statuses of the command, after sysexits.h where it has one.
enum Exit {
  /// The run is complete, and some pictures failed.
  static let someImagesFailed = ExitCode(1)
  /// What was required of the results, or allowed to differ, is not so.
  static let gateClosed = ExitCode(3)
  /// The command line makes no sense.
  static let usage = ExitCode(64)
  /// A model or data file is damaged, or not of a known kind.
  static let data = ExitCode(65)
  /// A source or model is not there, or a source has no pictures.
  static let noInput = ExitCode(66)
  /// A library or device is missing.
  static let unavailable = ExitCode(69)
  /// An error inside the runtime or the command.
  static let software = ExitCode(70)
  /// The output cannot be created, or holds another run.
  static let cannotCreate = ExitCode(73)
  /// Writing failed.
  static let inputOutput = ExitCode(74)

  /// Ended early by a signal: 130 for Ctrl-C, 143 for SIGTERM, as shells report it.
  static func interrupted(by signal: Int32) -> ExitCode { ExitCode(128 + signal) }

  /// Runs a command's body; an error is printed on standard error, and the process ends with the status for its kind.
  static func onError(_ body: () throws -> Void) throws {
    do {
      try body()
    } catch let code as ExitCode {
      throw code
    } catch let error as ValidationError {
      throw error
    } catch {
      Console.error("error: \(error)")
      throw status(for: error)
    }
  }

  static func status(for error: any Error) -> ExitCode {
    switch error {
    case let error as SwoopError:
      switch error.code {
      case .usage: usage
      case .input: noInput
      case .environment: unavailable
      case .model: data
      case .output: cannotCreate
      }
    case let error as SourceError:
      switch error.code {
      case .notFound, .noImages, .unreadable: noInput
      case .usage: usage
      case .libraryMissing: unavailable
      case .temporaryFile: inputOutput
      }
    case let error as OutputError:
      switch error.code {
      case .cannotCreate, .inUse, .exists, .differs: cannotCreate
      case .damaged: data
      case .writeFailed, .closedPipe: inputOutput
      case .usage: usage
      }
    case let error as InferenceError:
      switch error.code {
      case .modelUnreadable: noInput
      case .modelInvalid, .modelUnsupported, .tensorMismatch: data
      case .runtimeUnavailable: unavailable
      case .optionUnsupported: usage
      case .outOfMemory, .executionFailed, .deviceLost: software
      }
    case let error as DetectionError: error.code == .invalidOption ? usage : data
    case let error as EvaluationFileError: error.isMissing ? noInput : data
    case is RecordFormatError, is EvaluationError: data
    case is SystemError: inputOutput
    case is LibraryLoadError, is SymbolMissingError: unavailable
    default: software
    }
  }
}
