#include "jit/modes.h"
#include <cstdlib>
#include <cstring>

namespace od {
namespace {

Options current;

bool parse(const char* text, std::string& out) { out = text; return true; }
bool parse(const char* text, bool& out) {
  out = *text && std::strcmp(text, "0") != 0;
  return true;
}
bool parse(const char* text, int64_t& out) {
  char* end = nullptr;
  out = std::strtoll(text, &end, 10);
  return *text && !*end;
}

// Hands out the words of a list that commas join; false as soon as one is not accepted.
template <class Accept>
bool eachWord(const std::string& list, Accept accept) {
  for (size_t at = 0; at <= list.size();) {
    size_t comma = std::min(list.find(',', at), list.size());
    if (!accept(list.substr(at, comma - at))) return false;
    at = comma + 1;
  }
  return true;
}

bool parseMode(Options& o) {
  return eachWord(o.mode, [&o](const std::string& word) {
    std::string name = word.substr(0, word.find(':'));
    int64_t n = 0;
    if (name.size() < word.size() && (!parse(word.c_str() + name.size() + 1, n) || n < 0)) return false;
    if (name == "auto") o.how = Mode::Auto;
    else if (name == "off") o.how = Mode::Off;
    else if (name == "compile-all") o.how = Mode::CompileAll;
    else if (name == "warm") o.how = Mode::Warm, o.count = uint32_t(n);
    else if (name == "osr") o.how = Mode::Osr, o.count = uint32_t(n);
    else if (name == "deopt") o.deoptEvery = uint64_t(n);
    else return false;
    return true;
  });
}

bool knownDumps(const Options& o) {
  return o.dump.empty() || eachWord(o.dump, [](const std::string& kind) { return kind == "bytecode" || kind == "ir" || kind == "asm"; });
}

}  // namespace

const Options& options() { return current; }

std::string readOptions() {
  Options o;
#define KNOB(type, field, variable, fallback, help) \
  if (const char* text = std::getenv(variable))     \
    if (!parse(text, o.field)) return std::string(variable) + " cannot be '" + text + "'";
#include "jit/modes.def"
#undef KNOB
  if (!parseMode(o)) return "OVERDRIVE_MODE cannot be '" + o.mode + "'";
  if (!knownDumps(o)) return "OVERDRIVE_DUMP cannot be '" + o.dump + "'";
  current = o;
  return {};
}

std::string optionsHelp() {
  std::string text;
#define KNOB(type, field, variable, fallback, help) text += std::string(variable) + "  " + help + "\n";
#include "jit/modes.def"
#undef KNOB
  return text;
}

}  // namespace od
