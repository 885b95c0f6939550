#include "include/CImaging.h"

#include <string.h>

// Reading codes without their meaning: only how many bits each takes and how far it goes in its block. AC codes, which
// are nearly all, are looked up several at a time.

#define AC_BITS 12
#define DC_BITS 9

// One Huffman table, for codes one by one.
typedef struct {
  // As a DHT segment has it; all counts 0 before the first use.
  uint8_t definition[16 + 256];
  // By length: the code behind the last of that length, shifted to 16 bits, and what turns a code into an index.
  uint32_t limit[17];
  int32_t offset[17];
} codes;

typedef struct {
  codes codes;
  // By the next bits: bits of the code << 8 | symbol; 0 where the code is longer, or none.
  uint16_t lookup[1 << DC_BITS];
} dc_table;

typedef struct {
  codes codes;
  // By the next bits, for as many whole codes with their values as fit: bits, coefficients << 4, and 1 << 15 where the
  // last of them ends the block; 0 where not even one fits.
  uint16_t lookup[1 << AC_BITS];
} ac_table;

// Nearly all files have the same tables, so the last ones of each number are kept.
typedef struct {
  dc_table dc[4];
  ac_table ac[4];
} tables;

static _Thread_local tables shared;

typedef struct {
  const uint8_t *at, *end;
  uint64_t bits;
  int count;
  // Bits that were not there and stand for the end.
  int missing;
} reader;

static int symbol_count(const uint8_t *definition) {
  int count = 0;
  for (int i = 0; i < 16; i++) count += definition[i];
  return count < 256 ? count : 256;
}

// Whether the codes are there already; otherwise they are made.
static int prepared(codes *c, const uint8_t *definition) {
  size_t size = 16 + (size_t)symbol_count(definition);
  if (memcmp(c->definition, definition, size) == 0) return 1;
  memset(c->definition, 0, sizeof c->definition);
  memcpy(c->definition, definition, size);
  uint32_t code = 0;
  int32_t index = 0;
  for (int length = 1; length <= 16; length++) {
    c->offset[length] = index - (int32_t)code;
    code += definition[length - 1];
    index += definition[length - 1];
    c->limit[length] = code << (16 - length);
    code <<= 1;
  }
  return 0;
}

// The code that 16 bits start with, as its length << 8 | symbol; 0 where none does.
static inline int find(const codes *c, uint32_t bits) {
  int length = 1;
  while (length <= 16 && bits >= c->limit[length]) length++;
  if (length > 16) return 0;
  int32_t index = (int32_t)(bits >> (16 - length)) + c->offset[length];
  return index < 0 || index > 255 ? 0 : length << 8 | c->definition[16 + index];
}

static void prepare_dc(dc_table *t, const uint8_t *definition) {
  if (prepared(&t->codes, definition)) return;
  for (uint32_t bits = 0; bits < 1 << DC_BITS; bits++) {
    int found = find(&t->codes, bits << (16 - DC_BITS));
    t->lookup[bits] = found >> 8 <= DC_BITS ? (uint16_t)found : 0;
  }
}

static void prepare_ac(ac_table *t, const uint8_t *definition) {
  if (prepared(&t->codes, definition)) return;
  for (uint32_t bits = 0; bits < 1 << AC_BITS; bits++) {
    int used = 0, advance = 0, ends = 0;
    while (!ends) {
      int found = find(&t->codes, (bits << used & ((1 << AC_BITS) - 1)) << (16 - AC_BITS));
      int size = found & 15, run = found >> 4 & 15, length = (found >> 8) + size;
      if (found == 0 || used + length > AC_BITS) break;
      ends = size == 0 && run != 15;
      if (!ends && advance + run + 1 > 63) break;
      used += length;
      if (!ends) advance += run + 1;
    }
    t->lookup[bits] = (uint16_t)(used | advance << 4 | ends << 15);
  }
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

// Whether there was a block.
static inline int block(reader *r, const dc_table *dc, const ac_table *ac) {
  if (r->count < 32) fill(r);
  int found = dc->lookup[r->bits >> (64 - DC_BITS)];
  if (found == 0) found = find(&dc->codes, (uint32_t)(r->bits >> 48));
  // 8-bit samples have differences of up to 11 bits.
  if (found == 0 || (found & 255) > 11) return 0;
  skip(r, (found >> 8) + (found & 255));
  int k = 1;
  while (k < 64) {
    if (r->count < 32) fill(r);
    uint32_t entry = ac->lookup[r->bits >> (64 - AC_BITS)];
    int ends = (int)(entry >> 15), next = k + (int)(entry >> 4 & 63);
    if (entry != 0 && next <= 64 - ends) {
      skip(r, (int)(entry & 15));
      if (ends) return 1;
      k = next;
      continue;
    }
    found = find(&ac->codes, (uint32_t)(r->bits >> 48));
    if (found == 0) return 0;
    int size = found & 15, run = found >> 4 & 15;
    skip(r, (found >> 8) + size);
    if (size == 0 && run != 15) return 1;
    k += run + 1;
    if (k > 64) return 0;
  }
  return 1;
}

int swoop_jpeg_check(const uint8_t *data, size_t length, size_t units, size_t interval, int block_count,
                     const uint8_t *block_tables, const uint8_t *_Nullable const *_Nonnull definitions) {
  tables *t = &shared;
  for (int i = 0; i < block_count; i++) {
    int dc = block_tables[i] >> 4, ac = block_tables[i] & 15;
    if (definitions[dc] == NULL || definitions[4 + ac] == NULL) return 0;
    prepare_dc(&t->dc[dc], definitions[dc]);
    prepare_ac(&t->ac[ac], definitions[4 + ac]);
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
        if (!block(&r, &t->dc[block_tables[i] >> 4], &t->ac[block_tables[i] & 15])) return 0;
      }
      if (r.missing > r.count) return 0;
    }
    // Less than a byte may be left, and nothing of what was made up may be used.
    int left = r.count - r.missing;
    if (left < 0 || left >= 8 || r.at != r.end) return 0;
    done += count;
    if (done < units && stop == end) return 0;
    at = stop + 2 <= end ? stop + 2 : end;
  }
  return 1;
}
