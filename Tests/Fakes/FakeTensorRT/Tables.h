#pragma once
// Which function stands for which method; the files of the subjects list theirs, and the version decides the slots.
#include <vector>

#include "Objects.h"

namespace fake __attribute__((visibility("hidden"))) {

struct Entry {
  /// Interface and method as in methods.tsv; the form counts rows of one name from 0.
  const char *scope, *name;
  int form;
  void *function;
};

#define F(f) reinterpret_cast<void *>(f)

std::vector<Entry> runtimeEntries();
std::vector<Entry> engineEntries();
std::vector<Entry> contextEntries();
std::vector<Entry> builderEntries();
std::vector<Entry> networkEntries();
std::vector<Entry> configurationEntries();
std::vector<Entry> runtimeConfigurationEntries();
std::vector<Entry> refitEntries();
std::vector<Entry> parserEntries();

/// Makes the tables of the version that is set, once.
void prepare();

// What many interfaces have in common.
void setErrorRecorder(void *self, void *recorder);
void *getErrorRecorder(void *self);
void *getLogger(void *self);
void destroyObject(void *self);
void destroyDirect(void *self);

}  // namespace fake
