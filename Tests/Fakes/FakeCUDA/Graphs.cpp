// Captures and graphs: a graph is the list of the work that was recorded, and launching it queues that work again.
#include <algorithm>
#include <cstring>

#include "State.h"

using namespace fake;

namespace {

void forget(const std::shared_ptr<Capture> &capture) {
  for (auto stream : state().streams) {
    if (stream->capture == capture) stream->capture.reset();
  }
  captures.erase(std::remove(captures.begin(), captures.end(), capture), captures.end());
}

/// What keeps one graph's work from standing in for another's, as CUgraphExecUpdateResult; 0 for nothing.
int32_t difference(const Graph &a, const Graph &b) {
  if (a.nodes.size() != b.nodes.size()) return 2;
  for (size_t i = 0; i < a.nodes.size(); i++) {
    if (strcmp(a.nodes[i].kind, b.nodes[i].kind) != 0) return 3;
    if (a.nodes[i].name != b.nodes[i].name) return 4;
  }
  return 0;
}

int32_t instantiate(void **executable, void *handle) {
  auto graph = static_cast<Graph *>(handle);
  if (state().graphs.count(graph) == 0) return invalidHandle;
  auto made = new Graph(*graph);
  state().executables.insert(made);
  *executable = made;
  return success;
}

int32_t update(void *handle, void *graphHandle, int32_t *outcome) {
  auto executable = static_cast<Graph *>(handle);
  auto graph = static_cast<Graph *>(graphHandle);
  if (state().executables.count(executable) == 0 || state().graphs.count(graph) == 0) return invalidHandle;
  *outcome = difference(*executable, *graph);
  if (*outcome != 0) return updateFailure;
  *executable = *graph;
  return success;
}

}  // namespace

extern "C" {

int32_t cuStreamBeginCapture_v2(void *handle, int32_t mode) {
  ENTER("cuStreamBeginCapture_v2");
  auto stream = static_cast<Stream *>(handle);
  if (stream == nullptr || !known(stream)) return invalidHandle;
  if (stream->capture) return illegalState;
  // Only the thread-local mode is known here.
  if (mode != 1) return invalidValue;
  stream->capture = std::make_shared<Capture>();
  stream->capture->origin = stream;
  captures.push_back(stream->capture);
  return success;
}

int32_t cuStreamEndCapture(void *handle, void **graph) {
  LOCK;
  *graph = nullptr;
  auto stream = static_cast<Stream *>(handle);
  if (!known(stream) || stream == nullptr || !stream->capture) {
    if (int32_t result = enter("cuStreamEndCapture")) return result;
    return illegalState;
  }
  auto capture = stream->capture;
  if (capture->origin != stream) {
    violation("a capture was ended on another stream than it was begun on");
    return captureUnmatched;
  }
  if (std::find(captures.begin(), captures.end(), capture) == captures.end()) {
    violation("a capture was ended on another thread than it was begun on");
    return captureWrongThread;
  }
  // However it ends, the stream captures no longer.
  forget(capture);
  if (int32_t result = enter("cuStreamEndCapture")) return result;
  if (capture->invalid) return captureInvalidated;
  for (auto &joined : capture->joined) {
    if (joined.first != stream && joined.second.second < joined.second.first) return captureUnjoined;
  }
  auto made = capture->graph.release();
  state().graphs.insert(made);
  *graph = made;
  return success;
}

int32_t cuStreamIsCapturing(void *handle, int32_t *status) {
  ENTER("cuStreamIsCapturing");
  auto stream = static_cast<Stream *>(handle);
  if (!known(stream)) return invalidHandle;
  *status = stream == nullptr || !stream->capture ? 0 : stream->capture->invalid ? 2 : 1;
  return success;
}

int32_t cuGraphGetNodes(void *handle, void **, size_t *count) {
  ENTER("cuGraphGetNodes");
  auto graph = static_cast<Graph *>(handle);
  if (state().graphs.count(graph) == 0) return invalidHandle;
  *count = graph->nodes.size();
  return success;
}

int32_t cuGraphDestroy(void *handle) {
  ENTER("cuGraphDestroy");
  auto graph = static_cast<Graph *>(handle);
  if (state().graphs.erase(graph) == 0) {
    violation("a graph was destroyed that is none");
    return invalidHandle;
  }
  delete graph;
  return success;
}

int32_t cuGraphInstantiateWithFlags(void **executable, void *graph, uint64_t) {
  ENTER("cuGraphInstantiateWithFlags");
  if (!needsContext("cuGraphInstantiate")) return invalidContext;
  return instantiate(executable, graph);
}

int32_t cuGraphInstantiate_v2(void **executable, void *graph, void **, char *, size_t) {
  ENTER("cuGraphInstantiate_v2");
  if (!needsContext("cuGraphInstantiate")) return invalidContext;
  return instantiate(executable, graph);
}

int32_t cuGraphExecUpdate_v2(void *executable, void *graph, void *information) {
  ENTER("cuGraphExecUpdate_v2");
  return update(executable, graph, static_cast<int32_t *>(information));
}

int32_t cuGraphExecUpdate(void *executable, void *graph, void **node, int32_t *outcome) {
  ENTER("cuGraphExecUpdate");
  *node = nullptr;
  return update(executable, graph, outcome);
}

int32_t cuGraphLaunch(void *handle, void *streamHandle) {
  ENTER("cuGraphLaunch");
  auto executable = static_cast<Graph *>(handle);
  auto stream = static_cast<Stream *>(streamHandle);
  if (state().executables.count(executable) == 0) {
    violation("a graph was launched that is gone");
    return invalidHandle;
  }
  if (!known(stream)) {
    violation("a graph was launched on a stream that is gone");
    return invalidHandle;
  }
  for (auto &work : executable->nodes) queue(stream, work);
  return success;
}

int32_t cuGraphExecDestroy(void *handle) {
  ENTER("cuGraphExecDestroy");
  auto executable = static_cast<Graph *>(handle);
  if (state().executables.erase(executable) == 0) {
    violation("an executable graph was destroyed that is none");
    return invalidHandle;
  }
  delete executable;
  return success;
}

}  // extern "C"
