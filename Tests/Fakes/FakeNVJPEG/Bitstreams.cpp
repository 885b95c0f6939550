// What is known of a file before it is decoded: sizes, bitstreams, and whether a batch can have it.
#include "Objects.h"

using namespace fake;

extern "C" {

// Nothing in the library refers to these by name, sanitizers included: copies of this library may lack some.
#pragma GCC visibility push(protected)

int32_t nvjpegGetImageInfo(void *handle, Bytes data, size_t length, int32_t *components, int32_t *subsampling,
                           int32_t *widths, int32_t *heights) {
  ENTER();
  ALIVE("handle", handle);
  Header header;
  if (int32_t result = read(data, length, header)) return result;
  *components = header.components;
  *subsampling = header.subsampling();
  for (int32_t i = 0; i < header.components && i < 4; ++i) {
    int32_t across = header.factors[0] >> 4, down = header.factors[0] & 15;
    widths[i] = (header.width * (header.factors[i] >> 4) + across - 1) / across;
    heights[i] = (header.height * (header.factors[i] & 15) + down - 1) / down;
  }
  return success;
}

int32_t nvjpegJpegStreamCreate(void *handle, void **object) {
  ENTER();
  ALIVE("handle", handle);
  *object = made("bitstream", new Bitstream{static_cast<Handle *>(handle)});
  return success;
}

int32_t nvjpegJpegStreamDestroy(void *object) {
  ENTER();
  return destroyed<Bitstream>("bitstream", object);
}

static int32_t parse(void *object, Bytes data, size_t length, bool isWhole) {
  auto bitstream = static_cast<Bitstream *>(object);
  bitstream->header = Header();
  bitstream->data = nullptr;
  if (int32_t result = read(data, length, bitstream->header)) return result;
  bitstream->data = data;
  bitstream->length = length;
  bitstream->isWhole = isWhole;
  return success;
}

int32_t nvjpegJpegStreamParse(void *handle, Bytes data, size_t length, int32_t, int32_t, void *object) {
  ENTER();
  ALIVE("handle", handle);
  ALIVE("bitstream", object);
  return parse(object, data, length, true);
}

int32_t nvjpegJpegStreamParseHeader(void *handle, Bytes data, size_t length, void *object) {
  ENTER();
  ALIVE("handle", handle);
  ALIVE("bitstream", object);
  return parse(object, data, length, false);
}

static int32_t supported(void *handle, void *object, int32_t *answer) {
  ALIVE("handle", handle);
  ALIVE("bitstream", object);
  auto bitstream = static_cast<Bitstream *>(object);
  if (bitstream->data == nullptr) return invalidParameter;
  bool takes = static_cast<Handle *>(handle)->backend != hardware || hardwareTakes(bitstream->header);
  *answer = takes ? 0 : 1;
  return success;
}

int32_t nvjpegDecodeBatchedSupported(void *handle, void *object, int32_t *answer) {
  ENTER();
  return supported(handle, object, answer);
}

int32_t nvjpegDecodeBatchedSupportedEx(void *handle, void *object, void *parameters, int32_t *answer) {
  ENTER();
  ALIVE("parameters", parameters);
  if (static_cast<Parameters *>(parameters)->format != interleavedRGB) return invalidParameter;
  return supported(handle, object, answer);
}

#pragma GCC visibility pop

}  // extern "C"
