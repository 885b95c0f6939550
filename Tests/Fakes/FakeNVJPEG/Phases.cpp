// Pictures in phases: on the host, to the device, on the device.
#include "Objects.h"

using namespace fake;

extern "C" {

// Nothing in the library refers to these by name, sanitizers included: copies of this library may lack some.
#pragma GCC visibility push(protected)

int32_t nvjpegDecoderCreate(void *handle, int32_t implementation, void **object) {
  ENTER();
  ALIVE("handle", handle);
  if (implementation != hybrid && implementation != 2) return implementationNotSupported;
  *object = made("decoder", new Decoder{static_cast<Handle *>(handle)});
  return success;
}

int32_t nvjpegDecoderDestroy(void *object) {
  ENTER();
  return destroyed<Decoder>("decoder", object);
}

int32_t nvjpegDecoderJpegSupported(void *decoder, void *object, void *parameters, int32_t *answer) {
  ENTER();
  ALIVE("decoder", decoder);
  ALIVE("bitstream", object);
  ALIVE("parameters", parameters);
  auto bitstream = static_cast<Bitstream *>(object);
  if (bitstream->data == nullptr) return invalidParameter;
  *answer = bitstream->header.subsampling() == -1 ? 1 : 0;
  return success;
}

int32_t nvjpegDecoderStateCreate(void *handle, void *decoder, void **object) {
  ENTER();
  ALIVE("handle", handle);
  ALIVE("decoder", decoder);
  auto jpeg = made("state", new JPEGState{static_cast<Handle *>(handle)});
  jpeg->decoder = static_cast<Decoder *>(decoder);
  *object = jpeg;
  return success;
}

int32_t nvjpegDecodeParamsCreate(void *handle, void **object) {
  ENTER();
  ALIVE("handle", handle);
  *object = made("parameters", new Parameters);
  return success;
}

int32_t nvjpegDecodeParamsDestroy(void *object) {
  ENTER();
  return destroyed<Parameters>("parameters", object);
}

int32_t nvjpegDecodeParamsSetOutputFormat(void *object, int32_t format) {
  ENTER();
  ALIVE("parameters", object);
  static_cast<Parameters *>(object)->format = format;
  return success;
}

int32_t nvjpegBufferPinnedCreate(void *handle, void *, void **object) {
  ENTER();
  ALIVE("handle", handle);
  *object = made("pinned", new Buffer{true});
  return success;
}

int32_t nvjpegBufferPinnedDestroy(void *object) {
  ENTER();
  return destroyed<Buffer>("pinned", object);
}

int32_t nvjpegBufferDeviceCreate(void *handle, void *, void **object) {
  ENTER();
  ALIVE("handle", handle);
  *object = made("device", new Buffer{false});
  return success;
}

int32_t nvjpegBufferDeviceDestroy(void *object) {
  ENTER();
  return destroyed<Buffer>("device", object);
}

int32_t nvjpegStateAttachPinnedBuffer(void *object, void *buffer) {
  ENTER();
  ALIVE("state", object);
  ALIVE("pinned", buffer);
  static_cast<JPEGState *>(object)->pinned = static_cast<Buffer *>(buffer);
  return success;
}

int32_t nvjpegStateAttachDeviceBuffer(void *object, void *buffer) {
  ENTER();
  ALIVE("state", object);
  ALIVE("device", buffer);
  static_cast<JPEGState *>(object)->device = static_cast<Buffer *>(buffer);
  return success;
}

int32_t nvjpegDecodeJpegHost(void *handle, void *decoder, void *object, void *parameters, void *stream) {
  ENTER();
  ALIVE("handle", handle);
  ALIVE("decoder", decoder);
  ALIVE("state", object);
  ALIVE("parameters", parameters);
  ALIVE("bitstream", stream);
  auto jpeg = static_cast<JPEGState *>(object);
  auto bitstream = static_cast<Bitstream *>(stream);
  if (jpeg->done && !*jpeg->done) violation("buffers were used again while their work is queued");
  if (jpeg->pinned == nullptr || jpeg->device == nullptr || !bitstream->isWhole || bitstream->data == nullptr ||
      static_cast<Parameters *>(parameters)->format != interleavedRGB) {
    return invalidParameter;
  }
  jpeg->coefficients.assign(bitstream->data, bitstream->data + bitstream->length);
  jpeg->header = bitstream->header;
  jpeg->isTransferred = false;
  return success;
}

int32_t nvjpegDecodeJpegTransferToDevice(void *handle, void *decoder, void *object, void *stream, void *) {
  ENTER();
  ALIVE("handle", handle);
  ALIVE("decoder", decoder);
  ALIVE("state", object);
  ALIVE("bitstream", stream);
  static_cast<JPEGState *>(object)->isTransferred = true;
  return success;
}

int32_t nvjpegDecodeJpegDevice(void *handle, void *decoder, void *object, Image *image, void *stream) {
  ENTER();
  ALIVE("handle", handle);
  ALIVE("decoder", decoder);
  ALIVE("state", object);
  auto jpeg = static_cast<JPEGState *>(object);
  if (!jpeg->isTransferred || !suits(jpeg->header, *image)) return invalidParameter;
  return queue(jpeg->coefficients.data(), jpeg->coefficients.size(), jpeg->header, *image, stream, &jpeg->done);
}

#pragma GCC visibility pop

}  // extern "C"
