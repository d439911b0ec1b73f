// Ways into compiled code: calls by the interpreter and by C code arrive at a function's vectorcall.
//
// Each cell has a thunk there that adds the cell as a fifth argument; what is then done here is what CPython's own calls
// do: arguments become the callee's. When the interpreter calls, its value stack gives its references up (None stays in the
// slots), so that an argument dies when the callee drops it and sys.getrefcount shows what it always shows.
//
// Compiled callers jump to CodeCell::entry directly, with the arguments already in the new frame.
#include <pthread.h>
#include <sys/mman.h>
#include <unordered_map>
#include "base/address_filter.h"
#include "cpython/v313/opcodes.h"
#include "frames/frames.h"
#include "jit/bind.h"
#include "jit/caller.h"
#include "jit/code_memory.h"
#include "jit/conductor.h"
#include "jit/interpret.h"
#include "jit/publish.h"
#include "support/helpers.h"

namespace od {

constinit thread_local uintptr_t odStackLimit = 0;

namespace {

vectorcallfunc original = nullptr;
// Functions whose calls come to us, and the version to give back to each, 0 if it must not be restored.
struct Promoted {
  uint32_t version;
  vectorcallfunc ours;
};
std::unordered_map<PyFunctionObject*, Promoted>& promoted() {
  static auto* map = new std::unordered_map<PyFunctionObject*, Promoted>();
  return *map;
}
AddressFilter everPromoted;   // closures die by the million, and seldom one that was
// Another tool watches calls: promoted functions look untouched meanwhile (watch.cpp).
bool callsShown = false;

// --- thunks: mov r8, [cell]; jmp [odVectorcall], 16 bytes each, their data behind them in writable pages. They lie in one
// stretch of address space, so that a function's vectorcall tells its cell.
extern "C" PyObject* odVectorcall(PyObject*, PyObject* const*, size_t, PyObject*, Cell*);

constexpr size_t kThunks = kCodePage / 16, kThunkPages = 4096;
struct alignas(kCodePage) ThunkPage {
  uint8_t code[kCodePage];
  const void* target;
  Cell* cells[kThunks];
};
ThunkPage* thunks = nullptr;
size_t thunksUsed = 0;

bool newThunkPage() {
  const size_t at = thunksUsed / kThunks;
  if (!thunks) {
    void* room = mmap(nullptr, kThunkPages * sizeof(ThunkPage), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (room == MAP_FAILED) return false;
    thunks = static_cast<ThunkPage*>(room);
  }
  ThunkPage* page = thunks + at;
  if (at == kThunkPages || mprotect(page, sizeof *page, PROT_READ | PROT_WRITE) != 0) return false;
  page->target = reinterpret_cast<const void*>(odVectorcall);
  auto put32 = [](uint8_t* to, const void* target) {
    int32_t distance = int32_t(static_cast<const uint8_t*>(target) - (to + 4));
    __builtin_memcpy(to, &distance, 4);
  };
  for (size_t i = 0; i < kThunks; i++) {
    uint8_t* t = page->code + 16 * i;
    const uint8_t kLoad[] = {0x4C, 0x8B, 0x05}, kJump[] = {0xFF, 0x25};
    __builtin_memcpy(t, kLoad, 3);
    put32(t + 3, &page->cells[i]);
    __builtin_memcpy(t + 7, kJump, 2);
    put32(t + 9, &page->target);
    t[13] = t[14] = t[15] = 0xCC;
  }
  if (mprotect(page->code, kCodePage, PROT_READ | PROT_EXEC) != 0) return false;
  announceRoutine("thunks", {page->code, nullptr, kCodePage, 0}, {{0, 8}});
  return true;
}

// The cell whose thunk that is, or null.
inline Cell* cellOfThunk(vectorcallfunc f) {
  const uintptr_t at = reinterpret_cast<uintptr_t>(f) - reinterpret_cast<uintptr_t>(thunks);
  if (at >= kThunkPages * sizeof(ThunkPage) || !thunks) return nullptr;
  return thunks[at / sizeof(ThunkPage)].cells[at % sizeof(ThunkPage) / 16];
}

void lead(PyFunctionObject* func, vectorcallfunc ours) {
  auto [it, fresh] = promoted().try_emplace(func, Promoted{func->func_version, ours});
  it->second.ours = ours;
  everPromoted.note(func);
  if (!callsShown) PyFunction_SetVectorcall(func, ours);
}

void giveBack(PyFunctionObject* func, const Promoted& p) {
  if (func->vectorcall != p.ours) return;   // another extension has set its own
  PyFunction_SetVectorcall(func, original);
  if (p.version) _PyFunction_SetVersion(func, p.version);
}

}  // namespace

void findStackLimit() {
  pthread_attr_t attributes;
  void* low = nullptr;
  size_t size = 0;
  odStackLimit = 1;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return;
  if (pthread_attr_getstack(&attributes, &low, &size) == 0) {
    size_t margin = std::min<size_t>(1 << 20, std::max<size_t>(64 << 10, size / 8));
    odStackLimit = reinterpret_cast<uintptr_t>(low) + std::min(margin, size / 2);
  }
  pthread_attr_destroy(&attributes);
}

namespace {

inline bool argumentsFit(PyThreadState* ts, const Cell* cell) {
  return dataStackHas(ts, FRAME_SPECIALS_SIZE + cell->arguments + kStackReserve);
}

PyObject* enterInNewChunk(PyThreadState* ts, PyFunctionObject* func, Cell* cell, const Arguments& a);

// CPython binds, into the frame it would have pushed; we take that frame's memory back with the arguments in place.
PyObject* bindAndEnter(PyThreadState* ts, PyFunctionObject* func, Cell* cell, const Arguments& a) {
  if (!a.move)
    for (Py_ssize_t i = 0; i < a.total(); i++) Py_INCREF(a.at[i]);
  PyObject** top = ts->datastack_top;
  Frame* f = _PyEvalFramePushAndInit(ts, reinterpret_cast<PyFunctionObject*>(Py_NewRef(func)), nullptr, a.at, size_t(a.n),
                                     a.kwnames);
  if (!f) return nullptr;
  if (reinterpret_cast<PyObject**>(f) != top) return _PyEval_EvalFrame(ts, f, 0);   // it begins a new chunk
  Py_DECREF(f->f_executable);
  Py_DECREF(f->f_funcobj);
  ts->datastack_top = top;
  return reinterpret_cast<FunctionEntry>(cell->entry)(ts, f, reinterpret_cast<PyObject*>(func));
}

inline PyObject* enter(PyThreadState* ts, PyFunctionObject* func, Cell* cell, const Arguments& a) {
  if (!argumentsFit(ts, cell)) [[unlikely]] return enterInNewChunk(ts, func, cell, a);
  Frame* f = reinterpret_cast<Frame*>(ts->datastack_top);
  if (a.n == cell->exactly && !a.kwnames) {
    for (Py_ssize_t i = 0; i < a.n; i++) f->localsplus[i] = a.move ? a.at[i] : Py_NewRef(a.at[i]);
  } else if (!bindArguments(func, cell->codeObject(), a, f->localsplus)) {
    return bindAndEnter(ts, func, cell, a);
  }
  return reinterpret_cast<FunctionEntry>(cell->entry)(ts, f, reinterpret_cast<PyObject*>(func));
}

// The chunk of the data stack is full: go on in a new one, which a placeholder frame of ours holds open. A thread may live at
// the end of a chunk for hours, so this must not be the end of compiled code.
PyObject* enterInNewChunk(PyThreadState* ts, PyFunctionObject* func, Cell* cell, const Arguments& a) {
  Frame* holder = pushWords(ts, FRAME_SPECIALS_SIZE + callWords(*cell->function));
  if (!holder) {
    for (Py_ssize_t i = 0; a.move && i < a.total(); i++) Py_DECREF(a.at[i]);
    return nullptr;
  }
  ts->datastack_top = reinterpret_cast<PyObject**>(holder) + FRAME_SPECIALS_SIZE;
  PyObject* result = enter(ts, func, cell, a);
  _PyThreadState_PopFrame(ts, holder);
  return result;
}

inline bool mayEnter(PyThreadState* ts, PyFunctionObject* func, Cell* cell) {
  if (!cell || !cell->function || cell->code != func->func_code || evalHooked(ts)) return false;
  if (stackIsShort(ts)) [[unlikely]] {
    demote(func);
    return false;
  }
  return true;
}

// A call that stays interpreted after all. The interpreter would have made it without C in between, with the arguments
// moved into the callee's frame, if the function had not been ours.
PyObject* callInterpreted(PyThreadState* ts, PyObject* callable, PyObject* const* args, size_t nargsf, PyObject* kwnames) {
  Arguments a{const_cast<PyObject**>(args), PyVectorcall_NARGS(nargsf), kwnames, false};
  PyObject* moved[kMoved];
  if (evalHooked(ts) || !(codeOfFunction(callable)->co_flags & CO_OPTIMIZED) ||
      !takeArguments(ts, callable, nargsf, a, moved))
    return original(callable, args, nargsf, kwnames);
  Frame* f = _PyEvalFramePushAndInit(ts, reinterpret_cast<PyFunctionObject*>(Py_NewRef(callable)), nullptr, a.at, size_t(a.n),
                                     kwnames);
  return f ? _PyEval_EvalFrame(ts, f, 0) : nullptr;
}

extern "C" PyObject* odVectorcall(PyObject* callable, PyObject* const* args, size_t nargsf, PyObject* kwnames, Cell* cell) {
  PyFunctionObject* func = reinterpret_cast<PyFunctionObject*>(callable);
  PyThreadState* ts = PyThreadState_GetUnchecked();
  if (cell->code != func->func_code) cell = findCell(codeOfFunction(callable));
  if (!mayEnter(ts, func, cell)) return callInterpreted(ts, callable, args, nargsf, kwnames);
  Arguments a{const_cast<PyObject**>(args), PyVectorcall_NARGS(nargsf), kwnames, false};
  PyObject* moved[kMoved];
  const Frame* caller = ts->current_frame;
  if (caller && caller->stacktop == -1 && takeArguments(ts, callable, nargsf, a, moved)) return enter(ts, func, cell, a);
  Py_INCREF(func);   // the frame's reference: C code need not keep the function alive
  PyObject* result = enter(ts, func, cell, a);
  Py_DECREF(func);
  return result;
}

// compile-all and warm:N: count the call, compile in time, then step aside.
void countCall(PyFunctionObject* func) {
  Cell* cell = cellFor(codeOfFunction(reinterpret_cast<PyObject*>(func)));
  if (!compiling()) {
    demote(func);
  } else if (cell->function) {
    promote(func, cell);
  } else if (++cell->calls > options().count) {
    demote(func);
    request({cell, UnitKind::Function, 0, 0, func}, When::Now);
  }
}

extern "C" PyObject* odCountingVectorcall(PyObject* callable, PyObject* const* args, size_t nargsf, PyObject* kwnames) {
  countCall(reinterpret_cast<PyFunctionObject*>(callable));
  Cell* cell = findCell(codeOfFunction(callable));
  if (cell && cell->function) return odVectorcall(callable, args, nargsf, kwnames, cell);
  return callInterpreted(PyThreadState_GetUnchecked(), callable, args, nargsf, kwnames);
}

// A call by a helper that does not go to compiled code at once.
PyObject* callOtherwise(PyThreadState* ts, PyFunctionObject* func, PyObject** args, Py_ssize_t n, PyObject* kwnames) {
  PyCodeObject* code = codeOfFunction(reinterpret_cast<PyObject*>(func));
  if (evalHooked(ts) || !(code->co_flags & CO_OPTIMIZED)) return kNativeDeclined;
  if (func->vectorcall == odCountingVectorcall) countCall(func);
  const bool plain = func->vectorcall == original;
  if (plain && code->co_flags & kGeneratorFlags)
    if (PyObject* r = makeGenerator(ts, func, {args, n, kwnames, true}); r != kNativeDeclined) return r;
  if (!plain && !cellOfThunk(func->vectorcall) && func->vectorcall != odCountingVectorcall) return kNativeDeclined;
  Cell* cell = options().how == Mode::Auto ? cellFor(code) : findCell(code);
  if (plain && cell && cell->function) promote(func, cell);   // for the next call
  if (mayEnter(ts, func, cell)) {
    PyObject* result = enter(ts, func, cell, {args, n, kwnames, true});
    Py_DECREF(func);
    return result;
  }
  Frame* f = _PyEvalFramePushAndInit(ts, func, nullptr, args, size_t(n), kwnames);
  if (!f) return nullptr;
  if (cell && !cell->function) countInterpretedCall(func, cell);
  return _PyEval_EvalFrame(ts, f, 0);
}

// Calls by helpers of compiled code: arguments and function have been given up by the caller, also when the call is
// interpreted in the end.
PyObject* nativeCall(PyThreadState* ts, PyFunctionObject* func, PyObject** args, Py_ssize_t n, PyObject* kwnames) {
  Cell* cell = cellOfThunk(func->vectorcall);
  const bool ready = cell && cell->function && cell->code == func->func_code && !evalHooked(ts) && !stackIsShort(ts);
  if (!ready) [[unlikely]] return callOtherwise(ts, func, args, n, kwnames);
  PyObject* result = enter(ts, func, cell, {args, n, kwnames, true});
  Py_DECREF(func);
  return result;
}

}  // namespace

vectorcallfunc originalVectorcall() { return original; }

vectorcallfunc thunkFor(Cell* cell) {
  if (thunksUsed % kThunks == 0 && !newThunkPage()) return nullptr;
  ThunkPage& page = thunks[thunksUsed / kThunks];
  const size_t i = thunksUsed++ % kThunks;
  page.cells[i] = cell;
  return reinterpret_cast<vectorcallfunc>(page.code + 16 * i);
}

bool isOurEntry(vectorcallfunc entry) {
  return entry == odCountingVectorcall || cellOfThunk(entry);
}

int64_t stackLimitOffset() {
  return reinterpret_cast<char*>(&odStackLimit) - static_cast<char*>(__builtin_thread_pointer());
}

void promote(PyFunctionObject* func, Cell* cell) {
  if (!cell->vectorcall || func->func_code != cell->code) return;
  if (func->vectorcall != original && func->vectorcall != odCountingVectorcall) return;   // ours already, or somebody else's
  lead(func, cell->vectorcall);
}

void demote(PyFunctionObject* func) {
  auto it = promoted().find(func);
  if (it == promoted().end()) return;
  if (!callsShown) giveBack(func, it->second);
  promoted().erase(it);
}

void demoteAll() {
  while (!promoted().empty()) demote(promoted().begin()->first);
}

void functionChanged(PyFunctionObject* func) {
  auto it = promoted().find(func);
  if (it != promoted().end()) it->second.version = 0;
}

void showCalls(bool on) {
  if (on == callsShown) return;
  callsShown = on;
  for (auto it = promoted().begin(); it != promoted().end();) {
    auto& [func, p] = *it;
    if (on) {
      giveBack(func, p);
    } else if (func->vectorcall == original) {
      p.version = func->func_version;
      PyFunction_SetVectorcall(func, p.ours);
    } else {
      it = promoted().erase(it);
      continue;
    }
    ++it;
  }
}

void functionDied(PyFunctionObject* func) {
  if (everPromoted.mayHave(func)) promoted().erase(func);
}

void watchCalls(PyFunctionObject* func) {
  PyCodeObject* code = reinterpret_cast<PyCodeObject*>(func->func_code);
  if (func->vectorcall != original || (code->co_flags & kGeneratorFlags)) return;
  Cell* cell = findCell(code);
  if (cell && cell->function) { promote(func, cell); return; }
  if (cell && cell->asked.count({UnitKind::Function, 0u})) return;
  lead(func, odCountingVectorcall);
}

bool prepareEntry() {
  if (original) return true;
  PyObject* globals = PyDict_New();
  PyObject* done = globals ? PyRun_String("def f(): pass\n", Py_file_input, globals, globals) : nullptr;
  PyObject* f = done ? PyDict_GetItemString(globals, "f") : nullptr;
  if (f) original = reinterpret_cast<PyFunctionObject*>(f)->vectorcall;
  Py_XDECREF(done);
  Py_XDECREF(globals);
  od_native_call = nativeCall;
  od_cell_for = [](PyCodeObject* code) -> CodeCell* {
    Cell* cell = cellFor(code);
    return cell->elsewhere ? nullptr : cell;
  };
  return original != nullptr;
}

}  // namespace od
