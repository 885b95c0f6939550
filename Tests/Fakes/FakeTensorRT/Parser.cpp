// The ONNX parser and its errors.
#include "Plan.h"
#include "Tables.h"

namespace fake __attribute__((visibility("hidden"))) {

namespace {

bool parse(void *self, const void *bytes, uint64_t size, const char *) {
  auto parser = static_cast<Parser *>(self);
  auto network = parser->network;
  ParserFailure failure;
  failure.table = state().tables["IParserError own"].data();
  if (fails("IParser.parse", network)) {
    failure.code = 1;
    failure.text = "a failure that a test asked for";
    parser->failures = {failure};
    return false;
  }
  try {
    network->source = std::string(static_cast<const char *>(bytes), size);
    network->graph = Graph::parse(bytes, size);
  } catch (const NodeError &error) {
    failure.code = 8;
    failure.node = error.node;
    failure.text = error.what();
    failure.name = error.name;
    failure.operation = error.operation;
    parser->failures = {failure};
    report(network, 4, error.what());
    return false;
  } catch (const std::exception &error) {
    failure.code = 3;
    failure.text = error.what();
    parser->failures = {failure};
    report(network, 4, error.what());
    return false;
  }
  narrow64(network->graph);
  for (auto &value : network->graph.inputs) {
    network->inputs.push_back(make<Tensor_>("ITensor", nullptr));
    network->inputs.back()->value = &value;
  }
  for (auto &value : network->graph.outputs) {
    network->outputs.push_back(make<Tensor_>("ITensor", nullptr));
    network->outputs.back()->value = &value;
  }
  return true;
}
int32_t failureCount(void *self) { return static_cast<int32_t>(static_cast<Parser *>(self)->failures.size()); }
const void *failure(void *self, int32_t index) { return &static_cast<Parser *>(self)->failures.at(index); }
void clearFailures(void *self) { static_cast<Parser *>(self)->failures.clear(); }
int32_t failureCode(void *self) { return static_cast<ParserFailure *>(self)->code; }
const char *failureText(void *self) { return static_cast<ParserFailure *>(self)->text.c_str(); }
const char *failureFile(void *) { return "Graph.cpp"; }
int32_t failureLine(void *) { return 1; }
const char *failureFunction(void *) { return "parse"; }
int32_t failureNode(void *self) { return static_cast<ParserFailure *>(self)->node; }
const char *failureNodeName(void *self) { return static_cast<ParserFailure *>(self)->name.c_str(); }
const char *failureOperator(void *self) { return static_cast<ParserFailure *>(self)->operation.c_str(); }

}  // namespace

std::vector<Entry> parserEntries() {
  return {
    {"IParser", "parse", 0, F(parse)}, {"IParser", "getNbErrors", 0, F(failureCount)},
    {"IParser", "getError", 0, F(failure)}, {"IParser", "clearErrors", 0, F(clearFailures)},
    {"IParser", "destroy", 0, F(destroyDirect)}, {"IParserError", "code", 0, F(failureCode)},
    {"IParserError", "desc", 0, F(failureText)}, {"IParserError", "file", 0, F(failureFile)},
    {"IParserError", "line", 0, F(failureLine)}, {"IParserError", "func", 0, F(failureFunction)},
    {"IParserError", "node", 0, F(failureNode)}, {"IParserError", "nodeName", 0, F(failureNodeName)},
    {"IParserError", "nodeOperator", 0, F(failureOperator)},
  };
}

}  // namespace fake
