internal import COpenVINO
internal import DynamicLibrary

/// The bottom layer: the C functions, looked up once. Nothing here checks anything.
///
/// Unchecked because function addresses are immutable and OpenVINO's functions may be called from any thread.
struct Functions: @unchecked Sendable {
  let lastMessage: ov_message_function
  let statusText: ov_status_text_function
  let freeString: ov_free_string_function
  let version: ov_version_function
  let versionFree: ov_version_free_function

  let coreCreate: ov_core_create_function
  let coreFree: ov_core_free_function
  let coreDevices: ov_core_devices_function
  let devicesFree: ov_devices_free_function
  let coreGetProperty: ov_core_get_property_function
  let coreSetProperty: UnsafeMutableRawPointer
  let coreRead: ov_core_read_function
  let coreReadMemory: ov_core_read_memory_function
  let coreCompile: UnsafeMutableRawPointer
  let coreImport: ov_core_import_function

  let modelFree: ov_model_free_function
  let modelInputCount: ov_model_count_function
  let modelOutputCount: ov_model_count_function
  let modelInput: ov_model_port_function
  let modelOutput: ov_model_port_function
  let modelName: ov_model_name_function
  let modelReshape: ov_model_reshape_function

  let portFree: ov_port_free_function
  let portName: ov_port_name_function
  let portShape: ov_port_shape_function
  let portElement: ov_port_element_function
  let partialShapeCreate: ov_partial_shape_create_function
  let partialShapeFree: ov_partial_shape_free_function

  let compiledFree: ov_compiled_model_free_function
  let compiledInputCount: ov_compiled_model_count_function
  let compiledOutputCount: ov_compiled_model_count_function
  let compiledInput: ov_compiled_model_port_function
  let compiledOutput: ov_compiled_model_port_function
  let compiledGetProperty: ov_compiled_model_get_property_function
  let compiledExport: ov_compiled_model_export_function
  let compiledRequest: ov_compiled_model_request_function

  let requestFree: ov_request_free_function
  let requestInfer: ov_request_function
  let requestStart: ov_request_function
  let requestWait: ov_request_function
  let requestCancel: ov_request_function
  let requestSetInput: ov_request_set_tensor_function
  let requestSetOutput: ov_request_set_tensor_function
  let requestGetInput: ov_request_get_tensor_function
  let requestGetOutput: ov_request_get_tensor_function
  let requestSetCallback: ov_request_callback_function
  let requestProfiling: ov_request_profiling_function
  let profilingFree: ov_profiling_free_function

  let tensorCreate: ov_tensor_create_function
  let tensorWrap: ov_tensor_wrap_function
  let tensorSetShape: ov_tensor_set_shape_function
  let tensorShape: ov_tensor_shape_function
  let tensorElement: ov_tensor_element_function
  let tensorByteCount: ov_tensor_size_function
  let tensorData: ov_tensor_data_function
  let tensorFree: ov_tensor_free_function
  let shapeFree: ov_shape_free_function

  init(_ library: DynamicLibrary) throws(SymbolMissingError) {
    lastMessage = try library.require("ov_get_last_err_msg")
    statusText = try library.require("ov_get_error_info")
    freeString = try library.require("ov_free")
    version = try library.require("ov_get_openvino_version")
    versionFree = try library.require("ov_version_free")

    coreCreate = try library.require("ov_core_create")
    coreFree = try library.require("ov_core_free")
    coreDevices = try library.require("ov_core_get_available_devices")
    devicesFree = try library.require("ov_available_devices_free")
    coreGetProperty = try library.require("ov_core_get_property")
    coreSetProperty = try library.require("ov_core_set_property")
    coreRead = try library.require("ov_core_read_model")
    coreReadMemory = try library.require("ov_core_read_model_from_memory_buffer")
    coreCompile = try library.require("ov_core_compile_model")
    coreImport = try library.require("ov_core_import_model")

    modelFree = try library.require("ov_model_free")
    modelInputCount = try library.require("ov_model_inputs_size")
    modelOutputCount = try library.require("ov_model_outputs_size")
    modelInput = try library.require("ov_model_const_input_by_index")
    modelOutput = try library.require("ov_model_const_output_by_index")
    modelName = try library.require("ov_model_get_friendly_name")
    modelReshape = try library.require("ov_model_reshape_by_port_indexes")

    portFree = try library.require("ov_output_const_port_free")
    portName = try library.require("ov_port_get_any_name")
    portShape = try library.require("ov_port_get_partial_shape")
    portElement = try library.require("ov_port_get_element_type")
    partialShapeCreate = try library.require("ov_partial_shape_create")
    partialShapeFree = try library.require("ov_partial_shape_free")

    compiledFree = try library.require("ov_compiled_model_free")
    compiledInputCount = try library.require("ov_compiled_model_inputs_size")
    compiledOutputCount = try library.require("ov_compiled_model_outputs_size")
    compiledInput = try library.require("ov_compiled_model_input_by_index")
    compiledOutput = try library.require("ov_compiled_model_output_by_index")
    compiledGetProperty = try library.require("ov_compiled_model_get_property")
    compiledExport = try library.require("ov_compiled_model_export_model")
    compiledRequest = try library.require("ov_compiled_model_create_infer_request")

    requestFree = try library.require("ov_infer_request_free")
    requestInfer = try library.require("ov_infer_request_infer")
    requestStart = try library.require("ov_infer_request_start_async")
    requestWait = try library.require("ov_infer_request_wait")
    requestCancel = try library.require("ov_infer_request_cancel")
    requestSetInput = try library.require("ov_infer_request_set_input_tensor_by_index")
    requestSetOutput = try library.require("ov_infer_request_set_output_tensor_by_index")
    requestGetInput = try library.require("ov_infer_request_get_input_tensor_by_index")
    requestGetOutput = try library.require("ov_infer_request_get_output_tensor_by_index")
    requestSetCallback = try library.require("ov_infer_request_set_callback")
    requestProfiling = try library.require("ov_infer_request_get_profiling_info")
    profilingFree = try library.require("ov_profiling_info_list_free")

    tensorCreate = try library.require("ov_tensor_create")
    tensorWrap = try library.require("ov_tensor_create_from_host_ptr")
    tensorSetShape = try library.require("ov_tensor_set_shape")
    tensorShape = try library.require("ov_tensor_get_shape")
    tensorElement = try library.require("ov_tensor_get_element_type")
    tensorByteCount = try library.require("ov_tensor_get_byte_size")
    tensorData = try library.require("ov_tensor_data")
    tensorFree = try library.require("ov_tensor_free")
    shapeFree = try library.require("ov_shape_free")
  }
}
