#pragma once
// What the parts of the fake share: how a call begins and fails, the memory it hands out, and its objects.
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(hidden)

/// Held while calls are counted and while executions wait.
extern pthread_mutex_t lock;

/// Notes a misuse, if it is the first.
void blame(const char *call, const char *what);

/// Counts a call; not 0 where it is to fail.
int32_t enter(const char *call);
#define ENTER(call)                                                                                                    \
  do {                                                                                                                 \
    int32_t failure = enter(call);                                                                                     \
    if (failure) return failure;                                                                                       \
  } while (0)

/// Fails for a reason that ov_get_last_err_msg tells.
int32_t refuse(const char *why);

/// Memory that is handed out, counted until it is given back.
void *take(size_t size);
void give(void *memory);
char *text(const char *string);

typedef enum { CORE = 0xC0DE01, MODEL, PORT, COMPILED, REQUEST, TENSOR } Kind;
typedef struct Object {
  Kind kind;
  bool is_alive;
  struct Object *owner;
  // A port
  bool is_input;
  int64_t batch;
  // A tensor
  int32_t code;
  int64_t rank, dims[8];
  void *bytes;
  bool owns_bytes;
  // A request
  struct Object *input, *output;
  pthread_t thread;
  bool is_running;
  const struct {
    void (*function)(void *);
    void *argument;
  } *callback;
  // A compiled model made by import reads this while it lives, as the real one does.
  const char *imported;
  size_t imported_size;
} Object;

Object *make(Kind kind, Object *owner);
/// Whether an object is what it should be and alive; notes a misuse where it is not, or where an owner is not.
bool good(const Object *object, Kind kind, const char *call);
void drop(Object *object, Kind kind, const char *call);

/// The bits of an element; -1 for a number that is none.
int bits(int32_t code);
/// The number of float32.
int32_t f32(void);
size_t byte_count(const Object *tensor);

/// Gives the value of a property of the core or of a compiled model.
int32_t give_property(const char *key, char **value);

/// What a model is exported as.
extern const char exported[22];

#pragma GCC visibility pop
