#include "opt/pipeline.h"

namespace od {
namespace {

struct Pass {
  const char* name;
  void (*run)(Function&);
  bool optional;
};

// In order, each with its reason.
constexpr Pass kPasses[] = {
    {"dce", removeDead, true},             // the builder emits loads and boxes that later guesses made needless
    {"references", cancelReferences, true},// retain and release of one value with nothing between that could tell
    {"dce2", removeDead, true},
    {"straighten", straighten, true},      // the builder gives every branch an edge block: join what is one line
    {"publish", publishFrames, false},     // frames are written at the first operation that may show them
    {"layout", layOut, false},             // emission order: loops together, cold code last
};

bool switchedOff(const std::string& list, const std::string& name) {
  size_t at = 0;
  while (at <= list.size()) {
    size_t end = list.find(',', at);
    if (end == std::string::npos) end = list.size();
    if (list.compare(at, end - at, name) == 0 && end - at == name.size()) return true;
    at = end + 1;
  }
  return false;
}

}  // namespace

std::string optimise(Function& f, const PassOptions& options) {
  auto check = [&](const char* name) -> std::string {
    if (options.afterPass) options.afterPass(name, f);
    if (!options.verify) return "";
    std::string why = verify(f);
    return why.empty() ? why : std::string(name) + ": " + why;
  };
  if (std::string why = check("build"); !why.empty()) return why;
  for (const Pass& p : kPasses) {
    if (p.optional && switchedOff(options.off, p.name)) continue;
    p.run(f);
    if (std::string why = check(p.name); !why.empty()) return why;
  }
  return "";
}

}  // namespace od
