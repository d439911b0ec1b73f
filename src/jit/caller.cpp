// Is it the interpreter that calls? Arguments that it hands to a Python function are the callee's alone, so that `del x` in it
// destroys at once; what C code hands on, C code keeps. Both arrive at the same vectorcall.
//
// The interpreter's call is told by the instruction at which the topmost frame stands: where on the value stack the callable
// must then be, and that it is this very function. Words elsewhere on that stack say nothing: other calls may be waiting
// there, and above its top, which the interpreter keeps to itself, lies what it has popped.
#include "jit/caller.h"
#include <sys/uio.h>
#include <unistd.h>
#include <algorithm>
#include <unordered_map>
#include <vector>
#include "bytecode/code.h"
#include "bytecode/depth.h"
#include "cpython/v313/internal_helpers.h"
#include "cpython/v313/opcodes.h"
#include "cpython/v313/snapshot.h"

namespace od {
namespace {

// CALL and CALL_KW: callable, self or null, arguments. A C function that is called so and calls one of its arguments with the
// others behind it passes fewer of them.
bool interpreterCalls(Frame* f, PyObject* func, PyObject* const* args, Py_ssize_t total, PyObject* kwnames) {
  PyCodeObject* code = frameCode(f);
  PyObject* const* bottom = f->localsplus + code->co_nlocalsplus;
  if (args < bottom + 1 || args + total > bottom + code->co_stacksize) return false;
  const uint8_t op = f->instr_ptr->op.code, arg = f->instr_ptr->op.arg;   // the argument's last byte tells enough
  if (kwnames ? !isCallKw(op) : !isPlainCall(op)) return false;
  if (args[-1] == func) return uint8_t(total) == uint8_t(arg + 1);
  return uint8_t(total) == arg && args[-1] == nullptr && args >= bottom + 2 && args[-2] == func;
}

// --- CALL_FUNCTION_EX: callable, null, iterable, perhaps a dict

// What the bytecode tells of such an instruction.
struct SpreadSite {
  uint32_t offset = 0;
  int32_t depth = -1;      // of the value stack; -1: not known
  bool isTuple = false;    // the iterable, for certain: the bytecode has just made it
};
std::unordered_map<PyCodeObject*, std::vector<SpreadSite>>& spreadCalls() {
  static auto* map = new std::unordered_map<PyCodeObject*, std::vector<SpreadSite>>();
  return *map;
}

bool makesTuple(const Instr* in, const Snapshot& s) {
  if (!in) return false;
  if (in->op == Inst::LoadConst) return PyTuple_CheckExact(static_cast<const PyObject*>(s.consts[size_t(in->arg)]));
  return in->op == Inst::BuildTuple || (in->op == Inst::CallIntrinsic1 && in->arg == INTRINSIC_LIST_TO_TUPLE);
}

SpreadSite spreadAt(PyCodeObject* code, uint32_t offset, int operands) {
  auto& known = spreadCalls()[code];
  for (const SpreadSite& s : known)
    if (s.offset == offset) return s;
  SnapshotRequest request{.code = code, .kind = UnitKind::Loop, .pc = offset, .depth = ~0u, .generic = true};
  const auto snapshot = takeSnapshot(request);
  SpreadSite s{.offset = offset};
  if (!snapshot->instrs.empty()) {
    s.depth = int32_t(snapshot->entryDepth);
    s.isTuple = makesTuple(madeBy(*snapshot, offset, s.depth, s.depth - operands + 2), *snapshot);
  }
  known.push_back(s);
  return s;
}

// The interpreter hands a tuple's items over, behind them the values of a dict; before it enters a Python function both go.
struct SpreadCall {
  PyObject* tuple = nullptr;
  PyObject* dict = nullptr;
};

// Arguments that the callee will refuse die with the tuple, last one first.
bool positionalFit(PyFunctionObject* func, Py_ssize_t n) {
  PyCodeObject* code = reinterpret_cast<PyCodeObject*>(func->func_code);
  Py_ssize_t defaults = func->func_defaults ? PyTuple_GET_SIZE(func->func_defaults) : 0;
  return n + defaults >= code->co_argcount && (n <= code->co_argcount || (code->co_flags & CO_VARARGS));
}

bool ownTuple(PyObject* o, PyObject* const* items, Py_ssize_t n) {
  if (Py_TYPE(o) != &PyTuple_Type || Py_REFCNT(o) != 1 || PyTuple_GET_SIZE(o) != n) return false;
  return std::equal(items, items + n, reinterpret_cast<PyTupleObject*>(o)->ob_item);
}

bool isReadable(PyObject* o) {
  char copy[sizeof(PyVarObject)];
  iovec to{copy, sizeof copy}, from{o, sizeof copy};
  return process_vm_readv(getpid(), &to, 1, &from, 1, 0) == ssize_t(sizeof copy);
}

// The slot of the iterable shows a tuple, or something of which the instruction makes one: then it may be dead by the time of
// the call, and its memory gone. Or it is being asked for its items: what is called then, C code calls. Only tuples and lists
// run nothing. What has no references is dead.
bool isAsked(Frame* f, PyObject* iterable) {
  PyObject** locals = f->localsplus;
  PyObject** end = locals + frameCode(f)->co_nlocalsplus;
  if (std::find(locals, end, iterable) == end && !isReadable(iterable)) return true;   // who knows
  return Py_TYPE(iterable) != &PyTuple_Type && Py_TYPE(iterable) != &PyList_Type && Py_REFCNT(iterable) != 0;
}

// The tuple whose items a call with keywords has in an array of its own, if nothing else holds it. The iterable is not being
// asked any more: what looks like a tuple with references is one.
PyObject* tupleOfItems(PyThreadState* ts, PyObject* iterable, PyObject* const* items, Py_ssize_t n) {
  if (ownTuple(iterable, items, n)) return iterable;
  // Made of something else it is in no slot, but the last object before the names that the collector was told of.
  PyObject* fresh = lately(ts, 1);
  return fresh && ownTuple(fresh, items, n) ? fresh : nullptr;
}

bool interpreterSpreads(PyThreadState* ts, Frame* f, PyObject* func, PyObject* const* args, size_t nargsf,
                        PyObject* kwnames, SpreadCall* out) {
  const bool offset = nargsf & PY_VECTORCALL_ARGUMENTS_OFFSET;
  if (f->instr_ptr->op.code != CALL_FUNCTION_EX || offset != (kwnames != nullptr)) return false;
  PyCodeObject* code = frameCode(f);
  const int operands = 3 + (f->instr_ptr->op.arg & 1);
  const SpreadSite call = spreadAt(code, uint32_t(f->instr_ptr - firstInstr(code)), operands);
  if (call.depth < operands || call.depth > code->co_stacksize) return false;
  PyObject* const* at = f->localsplus + code->co_nlocalsplus + call.depth - operands;
  if (at[0] != func || at[1]) return false;
  const Py_ssize_t n = PyVectorcall_NARGS(nargsf);
  if (!kwnames) {   // the tuple's own items
    auto* start = reinterpret_cast<char*>(const_cast<PyObject**>(args));
    PyObject* tuple = reinterpret_cast<PyObject*>(start - offsetof(PyTupleObject, ob_item));
    if (!n || (tuple != at[2] && (call.isTuple || isAsked(f, at[2]))) || !ownTuple(tuple, args, n)) return false;
    if (!positionalFit(reinterpret_cast<PyFunctionObject*>(func), n)) return false;
    out->tuple = tuple;
    return true;
  }
  PyObject* dict = operands == 4 ? at[3] : nullptr;
  if (!dict || Py_TYPE(dict) != &PyDict_Type || Py_REFCNT(dict) != 1 || PyDict_GET_SIZE(dict) != PyTuple_GET_SIZE(kwnames))
    return false;
  if (!call.isTuple && isAsked(f, at[2])) return false;
  out->dict = dict;
  if (n) out->tuple = tupleOfItems(ts, at[2], args, n);
  return true;
}

bool moveArguments(Arguments& a, PyObject** room) {
  const Py_ssize_t total = a.total();
  if (total > kMoved) return false;
  for (Py_ssize_t i = 0; i < total; i++) {
    room[i] = a.at[i];
    a.at[i] = Py_None;   // immortal
  }
  a.at = room;
  a.move = true;
  return true;
}

}  // namespace

bool takeArguments(PyThreadState* ts, PyObject* callable, size_t nargsf, Arguments& a, PyObject** room) {
  Frame* f = ts->current_frame;
  // An interpreter that runs keeps its stack's depth to itself; otherwise C code calls.
  if (!f || f->stacktop != -1 || !isPythonFrame(f)) return false;
  const bool offset = nargsf & PY_VECTORCALL_ARGUMENTS_OFFSET;
  if (offset && interpreterCalls(f, callable, a.at, a.total(), a.kwnames)) return moveArguments(a, room);
  SpreadCall spread;
  if (!interpreterSpreads(ts, f, callable, a.at, nargsf, a.kwnames, &spread) || !moveArguments(a, room)) return false;
  // Without keywords the items were the tuple's and are moved; with them an array between held references of its own.
  if (spread.tuple && a.kwnames)
    for (Py_ssize_t i = 0; i < a.n; i++) {
      PyTuple_SET_ITEM(spread.tuple, i, Py_None);
      Py_DECREF(room[i]);
    }
  if (spread.dict) PyDict_Clear(spread.dict);
  return true;
}

void forgetSpreadCalls(PyCodeObject* code) { spreadCalls().erase(code); }

}  // namespace od
