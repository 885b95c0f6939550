#include "include/CImaging.h"

#include <string.h>

// Codes of up to this length are looked up in one step.
#define LOOKUP_BITS 9

typedef struct {
  // By the next LOOKUP_BITS bits: length of the code << 8 | symbol; 0 where the code is longer, or none.
  uint16_t lookup[1 << LOOKUP_BITS];
  // By length: the code behind the last of that length, shifted to 16 bits, and what turns a code into an index.
  uint32_t limit[17];
  int32_t offset[17];
  uint8_t symbols[256];
} table;

typedef struct {
  const uint8_t *at, *end;
  uint64_t bits;
  int count;
  // Bits that were not there and stand for the end.
  int missing;
} reader;

static void prepare(table *t, const uint8_t *definition) {
  memset(t->lookup, 0, sizeof t->lookup);
  uint32_t code = 0;
  int32_t index = 0;
  for (int length = 1; length <= 16; length++) {
    t->offset[length] = index - (int32_t)code;
    for (int i = 0; i < definition[length - 1]; i++, code++, index++) {
      if (length > LOOKUP_BITS) continue;
      uint32_t first = code << (LOOKUP_BITS - length), n = 1u << (LOOKUP_BITS - length);
      for (uint32_t j = 0; j < n; j++) t->lookup[first + j] = (uint16_t)(length << 8 | definition[16 + index]);
    }
    t->limit[length] = code << (16 - length);
    code <<= 1;
  }
  memset(t->symbols, 0, sizeof t->symbols);
  memcpy(t->symbols, definition + 16, (size_t)index);
}

// At least 57 bits, zeros behind the end. Below the bits that count there may be some of the next byte already.
static inline void fill(reader *r) {
  if (r->end - r->at >= 8) {
    uint64_t word;
    memcpy(&word, r->at, 8);
    uint64_t inverse = ~word;
    if (((inverse - 0x0101010101010101u) & ~inverse & 0x8080808080808080u) == 0) {
      // None of them is FF.
      int bytes = (64 - r->count) >> 3;
      r->bits |= __builtin_bswap64(word) >> r->count;
      r->at += bytes;
      r->count += 8 * bytes;
      return;
    }
  }
  while (r->count <= 56) {
    uint64_t byte = 0;
    if (r->at < r->end) {
      byte = *r->at++;
      // The zero behind FF is no data.
      if (byte == 0xFF && r->at < r->end) r->at++;
    } else {
      r->missing += 8;
    }
    r->bits |= byte << (56 - r->count);
    r->count += 8;
  }
}

static inline void skip(reader *r, int n) {
  r->bits <<= n;
  r->count -= n;
}

// The next symbol, or -1 where no code is.
static inline int symbol(reader *r, const table *t) {
  uint32_t entry = t->lookup[r->bits >> (64 - LOOKUP_BITS)];
  if (entry != 0) {
    skip(r, (int)(entry >> 8));
    return (int)(entry & 255);
  }
  uint32_t next = (uint32_t)(r->bits >> 48);
  int length = LOOKUP_BITS + 1;
  while (length <= 16 && next >= t->limit[length]) length++;
  if (length > 16) return -1;
  int32_t index = (int32_t)(next >> (16 - length)) + t->offset[length];
  if (index < 0 || index > 255) return -1;
  skip(r, length);
  return t->symbols[index];
}

static int block(reader *r, const table *dc, const table *ac) {
  if (r->count < 32) fill(r);
  int size = symbol(r, dc);
  if (size < 0 || size > 11) return 0;
  skip(r, size);
  for (int k = 1; k < 64; k++) {
    if (r->count < 32) fill(r);
    int value = symbol(r, ac);
    if (value < 0) return 0;
    size = value & 15;
    int run = value >> 4;
    if (size == 0) {
      if (run != 15) break;
      k += 15;
      if (k > 63) return 0;
      continue;
    }
    k += run;
    if (k > 63) return 0;
    skip(r, size);
  }
  return 1;
}

int swoop_jpeg_check(const uint8_t *data, size_t length, size_t units, size_t interval, int block_count,
                     const uint8_t *block_tables, const uint8_t *_Nullable const *_Nonnull definitions) {
  table tables[8];
  int used = 0;
  for (int i = 0; i < block_count; i++) used |= 1 << (block_tables[i] >> 4) | 1 << ((block_tables[i] & 15) + 4);
  for (int i = 0; i < 8; i++) {
    if (used >> i & 1) {
      if (definitions[i] == NULL) return 0;
      prepare(&tables[i], definitions[i]);
    }
  }
  const uint8_t *at = data, *end = data + length;
  size_t done = 0;
  while (done < units) {
    size_t count = interval > 0 && interval < units - done ? interval : units - done;
    // The data up to the next restart marker, or the end.
    const uint8_t *stop = at;
    while (1) {
      stop = memchr(stop, 0xFF, (size_t)(end - stop));
      if (stop == NULL || stop + 1 >= end) {
        stop = end;
        break;
      }
      if (stop[1] != 0) break;
      stop += 2;
    }
    reader r = {at, stop, 0, 0, 0};
    for (size_t unit = 0; unit < count; unit++) {
      for (int i = 0; i < block_count; i++) {
        if (!block(&r, &tables[block_tables[i] >> 4], &tables[4 + (block_tables[i] & 15)])) return 0;
      }
      if (r.missing > r.count) return 0;
    }
    // Less than a byte may be left, and nothing of what was made up may be used.
    int left = r.count - r.missing;
    if (left < 0 || left >= 8 || r.at != r.end) return 0;
    done += count;
    at = stop + 2 <= end ? stop + 2 : end;
    if (done < units && stop == end) return 0;
  }
  return 1;
}
