// From a native frame to its NativeRecord.
//
// A function unit keeps the record's address in the last word of its frame: its value stack is never stored there while
// compiled code runs. A loop unit starts with live values in the frame, perhaps up to that very word, so its frames are
// listed here instead. The list is keyed by the frame's address, which is unique as long as the frame lives, whichever
// thread or greenlet runs it; the GIL protects it. It is nearly always empty.
#include <unordered_map>
#include "frames/frames.h"

namespace od {

FrameHooks frameHooks;
ForcedExits forcedExits;

namespace {
std::unordered_map<Frame*, NativeRecord*>& loops() {
  static auto* map = new std::unordered_map<Frame*, NativeRecord*>();
  return *map;
}
}  // namespace

void noteLoopFrame(Frame* f, NativeRecord* rec) { loops()[f] = rec; }
void forgetLoopFrame(Frame* f) { loops().erase(f); }

NativeRecord* recordOf(Frame* f) {
  auto& map = loops();
  if (!map.empty()) {
    auto it = map.find(f);
    if (it != map.end()) return it->second;
  }
  PyCodeObject* code = frameCode(f);
  return reinterpret_cast<NativeRecord*>(f->localsplus[code->co_nlocalsplus + code->co_stacksize - 1]);
}

}  // namespace od
