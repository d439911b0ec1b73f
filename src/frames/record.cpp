// From a native frame to its NativeRecord.
//
// Function and resume units keep the record's address in the last word of the frame: while compiled code runs, its value
// stack is not stored there (what a generator is resumed with has been taken off it). A loop unit starts with live values in
// the frame, perhaps up to that very word, so its frames are listed here instead. The list is keyed by the frame's address,
// which is unique as long as the frame lives, whichever thread or greenlet runs it; the GIL protects it. It is nearly always
// empty.
#include <unordered_map>
#include "base/slab.h"
#include "frames/frames.h"

namespace od {

FrameHooks frameHooks;
ForcedExits forcedExits;

namespace {
using Loops = std::unordered_map<Frame*, NativeRecord*>;
Loops& loops() {
  static auto* map = new Loops();
  return *map;
}
// The entry that was forgotten last serves the next one: a short loop is entered and left without malloc.
Loops::node_type& spare() {
  static auto* node = new Loops::node_type();
  return *node;
}
}  // namespace

UnitData& newUnitData() {
  static auto* slab = new Slab<UnitData>();
  return *slab->make();
}

void noteLoopFrame(Frame* f, NativeRecord* rec) {
  Loops::node_type node = std::move(spare());
  if (node.empty()) {
    loops()[f] = rec;
    return;
  }
  node.key() = f;
  node.mapped() = rec;
  auto done = loops().insert(std::move(node));
  if (done.inserted) return;
  done.position->second = rec;
  spare() = std::move(done.node);
}
void forgetLoopFrame(Frame* f) {
  if (auto node = loops().extract(f)) spare() = std::move(node);
}

bool mayRunNow(PyThreadState* ts, Unit* u) {
  if (u->data.expected == breaker(ts)) return true;
  if (workPending(ts)) return false;   // the interpreter serves it
  u->data.expected = expectedWorld(ts, *u);
  return u->data.expected == breaker(ts);
}

NativeRecord* prepareLoopFrame(PyThreadState* ts, Frame* f, Unit* u) {
  if (f->stacktop - int(u->nlocalsplus()) != int(u->entryDepth) || evalHooked(ts) || !mayRunNow(ts, u)) return nullptr;
  const uint32_t last = u->nlocalsplus() + uint32_t(u->code->co_stacksize) - 1;
  const bool resumes = u->kind == UnitKind::Resume;
  // The frame's last word names the record of a generator's frame; what it is resumed with, None, may give way.
  if (resumes && f->stacktop > int(last) && f->localsplus[last] != Py_None) return nullptr;
  const int words = 2 + int(u->spillSlots);
  // In a new chunk if need be: at the end of one, every turn of the loop would ask in vain.
  auto* rec = reinterpret_cast<NativeRecord*>(pushWords(ts, words + kStackReserve));
  if (!rec) {
    PyErr_Clear();
    return nullptr;
  }
  ts->datastack_top = reinterpret_cast<PyObject**>(rec) + words;
  *rec = NativeRecord{&u->data, 0, 0};
  if (resumes) f->localsplus[last] = reinterpret_cast<PyObject*>(rec);
  else noteLoopFrame(f, rec);
  f->stacktop = kNativeStacktop;
  return rec;
}

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
