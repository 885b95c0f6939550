#pragma once
// The generated tables: which slot or value a row of the data files has in a stretch of versions.
#include <stddef.h>
#include <stdint.h>

struct TableEntry {
  int16_t row, family;
  int32_t value, first, last;
};
struct RowName {
  const char *scope, *name, *availability;
};

extern const TableEntry slotEntries[], enumeratorEntries[];
extern const size_t slotEntryCount, enumeratorEntryCount;
extern const RowName rowNames[], enumeratorNames[];
