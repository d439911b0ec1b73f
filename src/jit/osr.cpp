// Into a running loop: the interpreter reports its next backward jump (sys.monitoring, tool OPTIMIZER, event JUMP), and the
// C callback runs the loop's unit on the interpreter's own frame. The unit takes locals and value stack out of the frame and
// puts them back when it leaves, then the callback returns and the interpreter goes on wherever frame->instr_ptr says.
//
// In a callback tstate->tracing is raised, which would hide every event from the functions the loop calls: it is lowered
// around compiled code, and what_event with it.
//
// Exceptions. With a handler in this code, odExit has unwound to it and the interpreter simply goes on there. Without one
// the callback fails, and the interpreter raises it at the jump's target. Only if a handler covers the target but not the
// instruction that raised must the interpreter be brought to that instruction first: its INSTRUCTION event is armed and
// raises the exception there. That is slow and rare.
#include <x86intrin.h>
#include <unordered_map>
#include "cpython/v313/canonical.h"
#include "cpython/v313/opcodes.h"
#include "frames/frames.h"
#include "jit/conductor.h"

namespace od {
namespace {

constexpr int kJump = 1 << PY_MONITORING_EVENT_JUMP, kInstruction = 1 << PY_MONITORING_EVENT_INSTRUCTION;

PyObject* monitoring = nullptr;   // sys.monitoring: asking sys for it complains where memory is short
PyObject* setLocalEvents = nullptr;
PyObject* setEvents = nullptr;
PyObject* disableMark = nullptr;
bool owned = false;   // the tool id is ours

// Exceptions on their way to the instruction that raised them, by frame.
std::unordered_map<Frame*, PyObject*>& inTransit() {
  static auto* map = new std::unordered_map<Frame*, PyObject*>();
  return *map;
}
std::map<std::pair<PyCodeObject*, uint32_t>, uint32_t>& jumpCounts() {   // osr:N
  static auto* map = new std::map<std::pair<PyCodeObject*, uint32_t>, uint32_t>();
  return *map;
}

bool armEvents(PyCodeObject* code, int events) {
  PyObject* r = PyObject_CallFunction(setLocalEvents, "iOi", kToolId, code, events);
  Py_XDECREF(r);
  return r != nullptr;
}

// Compiled code runs as if no event were being handled.
struct OutsideEvents {
  PyThreadState* ts;
  int tracing, what;
  explicit OutsideEvents(PyThreadState* t) : ts(t), tracing(t->tracing), what(t->what_event) {
    ts->tracing = tracing > 0 ? tracing - 1 : 0;
    ts->what_event = -1;
  }
  ~OutsideEvents() {
    ts->tracing = tracing;
    ts->what_event = what;
  }
};

constexpr uint32_t kCalledOften = 50;   // entries into a function's loops after which it had better be entered itself

PyObject* propagate(PyThreadState*, Frame* f, PyCodeObject* code, uint32_t target) {
  Handler h;
  if (!findHandler(code, target, &h)) return nullptr;
  PyObject* exc = PyErr_GetRaisedException();
  if (!armEvents(code, kJump | kInstruction)) {
    PyErr_Clear();
    PyErr_SetRaisedException(exc);
    return nullptr;
  }
  // Instructions are reported where they begin, before their EXTENDED_ARGs.
  while (f->instr_ptr > firstInstr(code) && f->instr_ptr[-1].op.code == EXTENDED_ARG) f->instr_ptr--;
  inTransit()[f] = exc;
  Py_RETURN_NONE;
}

// A loop that is left as soon as it is entered costs more than it saves: the way in is an event. Of a visit that ends with
// a yield one turn has run at most, and most of its time was somebody else's.
void judge(Unit* u, uint64_t cycles, bool yields) {
  constexpr uint64_t kWorthwhile = 1200, kMost = 1 << 16, kOwnShare = 8;
  constexpr uint32_t kVisits = 1000;
  u->visitCycles += yields ? cycles / kOwnShare : std::min(cycles, kMost);
  if (++u->visits < kVisits) return;
  const bool useless = u->visitCycles < kVisits * kWorthwhile;
  u->visits = 0;
  u->visitCycles = 0;
  if (!u->cell->underWay.empty()) return;   // perhaps the handler to which its exceptions go
  if (useless && options().how == Mode::Auto && u->valid) giveUpLoop(u);
}

PyObject* runLoop(PyThreadState* ts, Frame* f, Unit* u, uint32_t source, uint32_t target) {
  PyCodeObject* code = frameCode(f);
  NativeRecord* rec = stackIsShort(ts) ? nullptr : prepareLoopFrame(ts, f, u);
  if (!rec) Py_RETURN_NONE;
  if (++u->cell->loopRuns == kCalledOften && PyFunction_Check(f->f_funcobj))
    callsManyTimes(reinterpret_cast<PyFunctionObject*>(f->f_funcobj), u->cell);
  const uint64_t start = __rdtsc();
  bool raises, told = true;
  {
    OutsideEvents outside(ts);
    void* result = reinterpret_cast<LoopEntry>(u->entry)(ts, f, rec);
    raises = LoopResult(reinterpret_cast<uintptr_t>(result)) == LoopResult::Propagate;
    // At the jump itself the interpreter reads 'nothing happened', and takes it: others who watch jumps now hear of it here.
    if (!raises && frameOffset(f) == int(source)) told = tellJump(ts, f, target);
  }
  const uint64_t cycles = __rdtsc() - start;
  judge(u, cycles, !raises && v313::baseOpcode(f->instr_ptr->op.code) == YIELD_VALUE);
  if (raises) return propagate(ts, f, code, target);
  if (!told) return nullptr;
  Py_RETURN_NONE;
}

PyObject* onJump(PyObject*, PyObject* const* args, Py_ssize_t n) {
  if (n != 3) Py_RETURN_NONE;
  PyCodeObject* code = reinterpret_cast<PyCodeObject*>(args[0]);
  uint32_t source = uint32_t(PyLong_AsLong(args[1]) / 2), target = uint32_t(PyLong_AsLong(args[2]) / 2);
  if (target >= source || !compiling()) return Py_NewRef(disableMark);
  PyThreadState* ts = PyThreadState_GetUnchecked();
  Frame* f = ts->current_frame;
  if (!isPythonFrame(f) || frameCode(f) != code) Py_RETURN_NONE;
  Cell* cell = findCell(code);
  Unit* u = cell ? cell->unit(UnitKind::Loop, target) : nullptr;
  if (!u && options().how != Mode::Auto) {
    uint32_t limit = options().how == Mode::CompileAll ? 0 : options().count;
    if (++jumpCounts()[{code, target}] <= limit) Py_RETURN_NONE;
    cell = cellFor(code);
    PyFunctionObject* func = PyFunction_Check(f->f_funcobj) ? reinterpret_cast<PyFunctionObject*>(f->f_funcobj) : nullptr;
    uint32_t depth = uint32_t(f->stacktop - code->co_nlocalsplus);
    request({cell, UnitKind::Loop, target, depth, func, f->localsplus}, When::Now);
    u = cell->unit(UnitKind::Loop, target);
  }
  if (!u) return Py_NewRef(disableMark);   // armLoops has jumps reported again once there is a unit
  return runLoop(ts, f, u, source, target);
}

PyObject* onInstruction(PyObject*, PyObject* const* args, Py_ssize_t n) {
  Frame* f = PyThreadState_GetUnchecked()->current_frame;
  auto it = inTransit().find(f);
  if (n < 1 || it == inTransit().end()) Py_RETURN_NONE;
  PyObject* exc = it->second;
  inTransit().erase(it);
  bool more = false;   // another frame of this code waiting for its own
  for (auto& other : inTransit()) more |= frameCode(other.first) == reinterpret_cast<PyCodeObject*>(args[0]);
  if (!more && !armEvents(reinterpret_cast<PyCodeObject*>(args[0]), kJump)) PyErr_Clear();
  PyErr_SetRaisedException(exc);
  return nullptr;
}

PyMethodDef jumpMethod = {"_overdrive_jump", reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(onJump)), METH_FASTCALL,
                          nullptr};
PyMethodDef instructionMethod = {"_overdrive_instruction",
                                 reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(onInstruction)), METH_FASTCALL, nullptr};

bool registerCallbacks(PyObject* monitoring) {
  PyObject* jump = PyCFunction_New(&jumpMethod, nullptr);
  PyObject* instruction = PyCFunction_New(&instructionMethod, nullptr);
  PyObject *use = PyObject_CallMethod(monitoring, "use_tool_id", "is", kToolId, "overdrive"), *a = nullptr, *b = nullptr;
  if (use && jump && instruction) {
    owned = true;
    a = PyObject_CallMethod(monitoring, "register_callback", "iiO", kToolId, kJump, jump);
    b = PyObject_CallMethod(monitoring, "register_callback", "iiO", kToolId, kInstruction, instruction);
  }
  bool ok = a && b;
  for (PyObject* o : {jump, instruction, use, a, b}) Py_XDECREF(o);
  return ok;
}

// The tool id is taken when the first loop is ready: a program that never has one sees all six ids free. False (without an
// exception): another tool has the id; loops are then not entered.
bool claimTool() {
  if (owned) return true;
  bool ok = monitoring != nullptr;
  if (ok) {
    setLocalEvents = PyObject_GetAttrString(monitoring, "set_local_events");
    setEvents = PyObject_GetAttrString(monitoring, "set_events");
    disableMark = PyObject_GetAttrString(monitoring, "DISABLE");
    ok = setLocalEvents && setEvents && disableMark && registerCallbacks(monitoring);
  }
  PyErr_Clear();
  return ok;
}

}  // namespace

void prepareLoops() {
  if (!monitoring) monitoring = Py_XNewRef(PySys_GetObject("monitoring"));
}

// Modes that do not sample look at every backward jump of every code object.
void watchAllLoops() {
  if (!claimTool()) return;
  PyObject* r = PyObject_CallFunction(setEvents, "ii", kToolId, kJump);
  Py_XDECREF(r);
  PyErr_Clear();
}

// Jumps that were disabled while this loop had no unit are reported again: off and on.
void armLoops(Cell* cell) {
  if (!cell->code || options().how != Mode::Auto) return;
  PyObject* exc = PyErr_GetRaisedException();
  if (!claimTool()) {
    PyErr_SetRaisedException(exc);
    return;
  }
  bool ok = (!cell->armed || armEvents(cell->codeObject(), 0)) && armEvents(cell->codeObject(), kJump);
  if (!ok) PyErr_Clear();
  cell->armed = ok;
  PyErr_SetRaisedException(exc);
}

void disarmLoops() {
  if (!owned) return;
  for (Cell* cell : allCells())
    if (cell->armed && cell->code) {
      if (!armEvents(cell->codeObject(), 0)) PyErr_Clear();
      cell->armed = false;
    }
  PyObject* r = PyObject_CallFunction(setEvents, "ii", kToolId, 0);
  if (!r) PyErr_Clear();
  Py_XDECREF(r);
  r = monitoring ? PyObject_CallMethod(monitoring, "free_tool_id", "i", kToolId) : nullptr;
  if (!r) PyErr_Clear();
  Py_XDECREF(r);
  owned = false;
}

}  // namespace od
