// Live objects -> Snapshot. Everything is read here, at once, on a thread that holds the GIL; nothing of it runs Python
// code or can fail but for want of memory. Inline caches are trusted only for what their guards will check again.
#include "cpython/v313/snapshot.h"
extern "C" {
#include "internal/pycore_code.h"
#include "internal/pycore_dict.h"
#include "internal/pycore_frame.h"
#include "internal/pycore_function.h"
#include "internal/pycore_interp.h"
#include "internal/pycore_long.h"
#include "internal/pycore_moduleobject.h"
#include "internal/pycore_typeobject.h"
#include "opcode_ids.h"
}
#include <cstring>
#include "bytecode/depth.h"
#include "cpython/v313/canonical.h"
#include "cpython/v313/type_index.h"

namespace od {
namespace {

using namespace v313;

uint32_t u16(const _Py_CODEUNIT* p) { return p->cache; }
uint32_t u32(const _Py_CODEUNIT* p) { uint32_t v; memcpy(&v, p, 4); return v; }
const void* ptr(const _Py_CODEUNIT* p) { const void* v; memcpy(&v, p, 8); return v; }

Kind exactKind(PyObject* o) {
  PyTypeObject* t = Py_TYPE(o);
  static const struct { PyTypeObject* type; Kind kind; } table[] = {
      {&PyLong_Type, Kind::Int}, {&PyFloat_Type, Kind::Float}, {&PyUnicode_Type, Kind::Str}, {&PyList_Type, Kind::List},
      {&PyTuple_Type, Kind::Tuple}, {&PyDict_Type, Kind::Dict}, {&PyBool_Type, Kind::Bool}, {&PyFunction_Type, Kind::Function},
      {Py_TYPE(Py_None), Kind::None}, {&PyCell_Type, Kind::Cell}, {&PyType_Type, Kind::Class}, {&PyModule_Type, Kind::Module},
      {&PyMethod_Type, Kind::Method}, {&PyCFunction_Type, Kind::BuiltinFn}, {&PyMethodDescr_Type, Kind::MethodDescr},
      {&PySet_Type, Kind::Set}, {&PyFrozenSet_Type, Kind::FrozenSet}, {&PyBytes_Type, Kind::Bytes},
      {&PyByteArray_Type, Kind::ByteArray}, {&PyRange_Type, Kind::Range}, {&PyRangeIter_Type, Kind::RangeIter},
      {&PyListIter_Type, Kind::ListIter}, {&PyTupleIter_Type, Kind::TupleIter}, {&PySlice_Type, Kind::Slice},
      {&PyGen_Type, Kind::Generator}, {&PyCode_Type, Kind::Code}, {&PyComplex_Type, Kind::Complex}};
  for (auto& e : table) if (e.type == t) return e.kind;
  return Kind::Other;
}

// How often the specialised instruction has found something else since it was specialised: its counter runs down from the
// cooldown at each of these.
uint32_t misses(uint16_t counter) {
  const uint16_t fresh = adaptive_counter_cooldown().as_counter;
  constexpr uint16_t kBackoff = 15;
  if ((counter & kBackoff) != (fresh & kBackoff) || counter > fresh) return 0;
  return uint32_t(fresh - counter) >> 4;
}
constexpr uint32_t kOften = 2;

class Reader {
 public:
  Reader(const SnapshotRequest& r, Snapshot& s) : req_(r), s_(s) {}
  void run();

 private:
  void head();
  void tables();
  void handlers();
  void decode();
  void keywords();
  void emitInstr(int base, const _Py_CODEUNIT* live, uint32_t start, uint32_t at, uint32_t next, int arg);
  void learn(Instr& in, int adaptive, const _Py_CODEUNIT* live);
  void learnAttr(Instr& in, const _Py_CODEUNIT* live);
  bool stillThere(const Instr& in) const;
  void learnGlobal(Instr& in, const _Py_CODEUNIT* live);
  bool relearnGlobal(Instr& in, PyObject* name);
  void learnCall(Instr& in, const _Py_CODEUNIT* live);
  void learnModule(Instr& in, uint32_t index);
  bool namespaceEntry(PyObject* dict, uint32_t version, uint32_t index, PyObject* name, Feedback& fb);
  bool guessFailedAt(uint32_t at) const;
  void note(PyObject* o, bool mayKeep);
  void noteFunction(PyFunctionObject* f, ObjectInfo& info);
  KnownCallable known(PyObject* o);

  const SnapshotRequest& req_;
  Snapshot& s_;
  bool varied_ = false;   // an attribute of that kind was met
};

KnownCallable Reader::known(PyObject* o) {
  if (o == (PyObject*)&PyRange_Type) return KnownCallable::Range;
  if (o == (PyObject*)&PyLong_Type) return KnownCallable::Int;
  if (o == (PyObject*)&PyFloat_Type) return KnownCallable::Float;
  if (Py_IS_TYPE(o, &PyCFunction_Type)) {
    PyMethodDef* def = ((PyCFunctionObject*)o)->m_ml;
    PyObject* self = ((PyCFunctionObject*)o)->m_self;
    if (!self || !PyModule_CheckExact(self)) return KnownCallable::None;
    const char* module = ((PyModuleObject*)self)->md_name && PyUnicode_Check(((PyModuleObject*)self)->md_name)
                             ? PyUnicode_AsUTF8(((PyModuleObject*)self)->md_name) : "";
    if (!module) { PyErr_Clear(); return KnownCallable::None; }
    static const struct { const char *module, *name; KnownCallable k; } table[] = {
        {"builtins", "len", KnownCallable::Len}, {"builtins", "isinstance", KnownCallable::IsInstance},
        {"builtins", "abs", KnownCallable::Abs}, {"builtins", "ord", KnownCallable::Ord}, {"builtins", "chr", KnownCallable::Chr},
        {"builtins", "min", KnownCallable::Min}, {"builtins", "max", KnownCallable::Max}, {"math", "sqrt", KnownCallable::Sqrt}};
    for (auto& e : table) if (!strcmp(def->ml_name, e.name) && !strcmp(module, e.module)) return e.k;
  }
  if (Py_IS_TYPE(o, &PyMethodDescr_Type)) {
    auto* d = (PyMethodDescrObject*)o;
    if (d->d_common.d_type == &PyList_Type && !strcmp(d->d_method->ml_name, "append")) return KnownCallable::ListAppend;
  }
  return KnownCallable::None;
}

CFunction cFunction(const PyMethodDef* m) {
  CFunction c;
  switch (m->ml_flags & (METH_VARARGS | METH_FASTCALL | METH_NOARGS | METH_O | METH_KEYWORDS | METH_METHOD | METH_CLASS | METH_STATIC)) {
    case METH_NOARGS: c.signature = CSignature::NoArgs; break;
    case METH_O: c.signature = CSignature::One; break;
    case METH_FASTCALL: case METH_FASTCALL | METH_KEYWORDS: c.signature = CSignature::Fast; break;
    default: break;
  }
  c.address = (const void*)m->ml_meth;
  return c;
}

void Reader::noteFunction(PyFunctionObject* f, ObjectInfo& info) {
  auto* co = (PyCodeObject*)f->func_code;
  FunctionInfo& fi = info.function;
  fi.function = f;
  fi.code = co;
  fi.argcount = co->co_argcount;
  fi.kwonly = co->co_kwonlyargcount;
  fi.flags = co->co_flags;
  fi.framesize = co->co_framesize;
  fi.defaults = f->func_defaults && PyTuple_CheckExact(f->func_defaults) ? PyTuple_GET_SIZE(f->func_defaults) : 0;
  fi.simple = (co->co_flags & CO_OPTIMIZED) && (co->co_flags & CO_NEWLOCALS) && !co->co_kwonlyargcount &&
              !(co->co_flags & (CO_VARARGS | CO_VARKEYWORDS | CO_GENERATOR | CO_COROUTINE | CO_ASYNC_GENERATOR));
  fi.cell = req_.learnt ? req_.learnt->cellOf(co) : nullptr;
}

// Describes an object that code refers to. mayKeep: the unit may hold a reference, because nobody could tell (functions
// of the interpreter, static types); then the address identifies it for ever.
void Reader::note(PyObject* o, bool mayKeep) {
  if (!o || s_.objects.count(o)) return;
  ObjectInfo info;
  info.kind = exactKind(o);
  info.immortal = _Py_IsImmortal(o);
  info.known = known(o);
  if (info.kind == Kind::Int) {
    int overflow;
    info.intValue = PyLong_AsLongLongAndOverflow(o, &overflow);
    info.fitsInt = !overflow;
  } else if (info.kind == Kind::Float) {
    info.floatValue = PyFloat_AS_DOUBLE(o);
  } else if (info.kind == Kind::Function) {
    noteFunction((PyFunctionObject*)o, info);
  } else if (info.kind == Kind::BuiltinFn) {
    info.c = cFunction(((PyCFunctionObject*)o)->m_ml);
    info.c.self = PyCFunction_GET_SELF(o);
  } else if (info.kind == Kind::MethodDescr) {
    info.c = cFunction(((PyMethodDescrObject*)o)->d_method);
    info.c.type = ((PyMethodDescrObject*)o)->d_common.d_type;
  } else if (PyType_Check(o)) {
    auto* t = (PyTypeObject*)o;
    info.versionTag = t->tp_version_tag;
    info.basicSize = (uint32_t)t->tp_basicsize;
    if (t->tp_vectorcall && !PyType_HasFeature(t, Py_TPFLAGS_HEAPTYPE) && Py_IS_TYPE(o, &PyType_Type))
      info.c = {CSignature::Vector, (const void*)t->tp_vectorcall, nullptr, nullptr};
    static PyObject* name = PyUnicode_InternFromString("__init__");
    if (PyType_HasFeature(t, Py_TPFLAGS_HEAPTYPE) && name) info.callee = _PyType_Lookup(t, name);
  } else if (info.kind == Kind::Method) {
    info.callee = PyMethod_GET_FUNCTION(o);
  }
  bool ofModule = info.kind == Kind::BuiltinFn && (!info.c.self || PyModule_Check((PyObject*)info.c.self));
  bool stable = info.immortal || ofModule || info.kind == Kind::MethodDescr ||
                (PyType_Check(o) && !PyType_HasFeature((PyTypeObject*)o, Py_TPFLAGS_HEAPTYPE));
  info.keptAlive = info.immortal;
  if (mayKeep && stable && !info.immortal) {
    s_.held.push_back(Py_NewRef(o));
    info.keptAlive = true;
  }
  PyObject* callee = (PyObject*)info.callee;
  s_.objects.emplace(o, std::move(info));
  if (callee && PyFunction_Check(callee)) note(callee, false);
}

void Reader::head() {
  PyCodeObject* co = req_.code;
  s_.kind = req_.kind;
  s_.generic = req_.generic;
  s_.entryPc = req_.pc;
  s_.entryDepth = req_.depth;
  s_.code = co;
  s_.codeBase = (uint64_t)_PyCode_CODE(co);
  const char* n = PyUnicode_AsUTF8(co->co_qualname);
  if (!n) PyErr_Clear();
  s_.name = n ? n : "?";
  n = PyUnicode_AsUTF8(co->co_filename);
  if (!n) PyErr_Clear();
  s_.filename = n ? n : "?";
  s_.firstLine = co->co_firstlineno;
  s_.nlocalsplus = co->co_nlocalsplus;
  s_.stacksize = co->co_stacksize;
  s_.framesize = co->co_framesize;
  s_.argcount = co->co_argcount + co->co_kwonlyargcount + !!(co->co_flags & CO_VARARGS) + !!(co->co_flags & CO_VARKEYWORDS);
  s_.flags = co->co_flags;
  s_.size = (uint32_t)Py_SIZE(co);
  s_.ncellvars = co->co_ncellvars;
  s_.nfreevars = co->co_nfreevars;
  s_.globals = req_.function ? req_.function->func_globals : req_.globals;
  s_.builtins = req_.function ? req_.function->func_builtins : req_.builtins;
  if (s_.globals && !PyDict_CheckExact((PyObject*)s_.globals)) s_.globals = nullptr;
  if (s_.builtins && !PyDict_CheckExact((PyObject*)s_.builtins)) s_.globals = s_.builtins = nullptr;
  s_.assertionError = PyExc_AssertionError;
}

void Reader::tables() {
  PyCodeObject* co = req_.code;
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(co->co_consts); i++) {
    PyObject* o = PyTuple_GET_ITEM(co->co_consts, i);
    s_.consts.push_back(o);
    note(o, false);
  }
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(co->co_names); i++) s_.names.push_back(PyTuple_GET_ITEM(co->co_names, i));
  note(PyExc_AssertionError, false);
  for (uint32_t i = 0; i < req_.liveCount; i++) {
    PyObject* o = req_.live ? req_.live[i] : nullptr;
    s_.entryKinds.push_back(!req_.live ? Kind::Count : o ? exactKind(o) : Kind::Null);
  }
  if (req_.learnt) req_.learnt->failedGuesses(s_.failed);
}

bool Reader::namespaceEntry(PyObject* dict, uint32_t version, uint32_t index, PyObject* name, Feedback& fb) {
  if (!dict || !PyDict_CheckExact(dict)) return false;
  PyDictKeysObject* keys = ((PyDictObject*)dict)->ma_keys;
  if (!version || keys->dk_version != version || !DK_IS_UNICODE(keys) || ((PyDictObject*)dict)->ma_values ||
      (Py_ssize_t)index >= keys->dk_nentries)
    return false;
  PyDictUnicodeEntry* e = DK_UNICODE_ENTRIES(keys) + index;
  if (e->me_key != name || !e->me_value) return false;
  fb.index = (uint32_t)((char*)&e->me_value - (char*)keys);
  fb.object = e->me_value;
  note(e->me_value, true);
  return true;
}

void Reader::learnGlobal(Instr& in, const _Py_CODEUNIT* c) {
  auto* name = (PyObject*)s_.names[in.arg >> 1];
  in.fb.keysVersion = u16(c + 2);
  in.fb.keysVersion2 = u16(c + 3);
  uint32_t index = u16(c + 4);
  bool ok = in.fb.spec == Spec::GlobalModule
                ? namespaceEntry((PyObject*)s_.globals, in.fb.keysVersion, index, name, in.fb)
                : s_.globals && ((PyDictObject*)s_.globals)->ma_keys->dk_version == in.fb.keysVersion &&
                      namespaceEntry((PyObject*)s_.builtins, in.fb.keysVersion2, index, name, in.fb);
  if (!ok && !relearnGlobal(in, name)) in.fb.spec = Spec::None;
}

// The namespace has changed since the inline cache was written. If it has a new version already, that is taken; otherwise the
// guard names none that can occur: the exits there let the interpreter give it one.
bool Reader::relearnGlobal(Instr& in, PyObject* name) {
  constexpr uint32_t kNoVersion = ~0u;
  auto find = [&](PyObject* dict) -> int64_t {
    PyDictKeysObject* keys = ((PyDictObject*)dict)->ma_keys;
    if (!DK_IS_UNICODE(keys) || ((PyDictObject*)dict)->ma_values) return -1;
    for (Py_ssize_t i = 0; i < keys->dk_nentries; i++)
      if (PyDictUnicodeEntry* e = DK_UNICODE_ENTRIES(keys) + i; e->me_key == name && e->me_value) return i;
    return -1;
  };
  auto versionOf = [](PyObject* dict) {
    const uint32_t v = ((PyDictObject*)dict)->ma_keys->dk_version;
    return v ? v : kNoVersion;
  };
  auto take = [&](PyObject* dict, int64_t index) {
    PyDictUnicodeEntry* e = DK_UNICODE_ENTRIES(((PyDictObject*)dict)->ma_keys) + index;
    in.fb.index = (uint32_t)((char*)&e->me_value - (char*)((PyDictObject*)dict)->ma_keys);
    in.fb.object = e->me_value;
    note(e->me_value, true);
  };
  auto *globals = (PyObject*)s_.globals, *builtins = (PyObject*)s_.builtins;
  if (!globals || !builtins) return false;
  if (const int64_t at = find(globals); at >= 0) {
    in.fb.spec = Spec::GlobalModule;
    in.fb.keysVersion = versionOf(globals);
    take(globals, at);
    return true;
  }
  if (!DK_IS_UNICODE(((PyDictObject*)globals)->ma_keys) || PyDict_Contains(globals, name)) return false;
  const int64_t at = find(builtins);
  if (at < 0) return false;
  in.fb.spec = Spec::GlobalBuiltin;
  in.fb.keysVersion = versionOf(globals);
  in.fb.keysVersion2 = versionOf(builtins);
  take(builtins, at);
  return true;
}

// Is what an attribute's inline cache points at still what the class says?
bool Reader::stillThere(const Instr& in) const {
  PyTypeObject* t = typeWithVersion(in.fb.typeVersion);
  if (!t) return false;
  PyObject* now = _PyType_Lookup(t, (PyObject*)s_.names[in.arg >> 1]);   // borrowed from the class
  if (in.fb.spec != Spec::Property) return now == in.fb.object;
  // A property's getter is its first field.
  return now && Py_IS_TYPE(now, &PyProperty_Type) && *(PyObject**)((char*)now + sizeof(PyObject)) == in.fb.object;
}

void Reader::learnAttr(Instr& in, const _Py_CODEUNIT* c) {
  Feedback& fb = in.fb;
  fb.typeVersion = u32(c + 2);
  switch (fb.spec) {
    case Spec::InstanceValue: case Spec::Slot: case Spec::WithHint: fb.index = u16(c + 4); break;
    case Spec::ModuleAttr: learnModule(in, u16(c + 4)); break;
    case Spec::MethodWithValues: case Spec::NondescriptorWithValues: fb.keysVersion = u32(c + 4); fb.object = ptr(c + 6); break;
    case Spec::MethodLazyDict: fb.index = u16(c + 4); fb.object = ptr(c + 6); break;
    case Spec::ClassAttr: case Spec::MethodNoDict: case Spec::NondescriptorNoDict: case Spec::Property:
      fb.object = ptr(c + 6);
      break;
    default: break;
  }
  if (fb.object && fb.spec != Spec::ModuleAttr) {
    if (!stillThere(in)) { fb.object = nullptr; fb.spec = Spec::None; return; }
    note((PyObject*)fb.object, true);
  }
}

// The cache holds no module: it is found through the global that the instruction before loaded.
void Reader::learnModule(Instr& in, uint32_t index) {
  Feedback& fb = in.fb;
  fb.keysVersion = fb.typeVersion;
  auto* name = (PyObject*)s_.names[in.arg >> 1];
  if (s_.instrs.empty()) return;
  const Instr& before = s_.instrs.back();
  auto* owner = (PyObject*)before.fb.object;
  if (!owner || !PyModule_CheckExact(owner)) return;
  fb.object = nullptr;
  namespaceEntry(((PyModuleObject*)owner)->md_dict, fb.keysVersion, index, name, fb);
}

void Reader::learnCall(Instr& in, const _Py_CODEUNIT* c) {
  uint32_t version = u32(c + 2);
  if (in.fb.spec == Spec::AllocInit) { in.fb.typeVersion = version; return; }
  if (in.fb.spec != Spec::PyExact && in.fb.spec != Spec::BoundExact && in.fb.spec != Spec::PyGeneral && in.fb.spec != Spec::BoundGeneral) return;
  auto& slot = _PyInterpreterState_GET()->func_state.func_version_cache[version % FUNC_VERSION_CACHE_SIZE];
  if (version && slot.func && slot.func->func_version == version) {
    in.fb.object = slot.func;
    note((PyObject*)slot.func, false);
  }
}

bool Reader::guessFailedAt(uint32_t at) const {
  for (uint64_t guess : s_.failed) if (guess >> 16 == at) return true;
  return s_.failed.size() >= 2;   // varied code: see Builder::tooVaried
}

void Reader::learn(Instr& in, int adaptive, const _Py_CODEUNIT* c) {
  in.fb.spec = specialisation(adaptive);
  int units = cacheUnits(baseOpcode(adaptive));
  bool counted = units > 0 && in.op != Inst::PopJumpIfFalse && in.op != Inst::PopJumpIfTrue && in.op != Inst::PopJumpIfNone &&
                 in.op != Inst::PopJumpIfNotNone && in.op != Inst::JumpBackward;
  if (counted && in.fb.spec == Spec::None && c[1].cache == adaptive_counter_warmup().as_counter) in.fb.spec = Spec::Never;
  switch (in.op) {
    case Inst::LoadAttr: case Inst::StoreAttr: if (in.fb.spec > Spec::Never) learnAttr(in, c); break;
    case Inst::LoadGlobal: if (in.fb.spec > Spec::Never) learnGlobal(in, c); break;
    case Inst::Call: if (in.fb.spec > Spec::Never) learnCall(in, c); break;
    case Inst::ToBool: if (in.fb.spec == Spec::AlwaysTrue) in.fb.typeVersion = u32(c + 2); break;
    case Inst::PopJumpIfFalse: case Inst::PopJumpIfTrue: case Inst::PopJumpIfNone: case Inst::PopJumpIfNotNone:
      in.fb.branches = c[1].cache;
      break;
    default: break;
  }
  const bool attribute = in.op == Inst::LoadAttr || in.op == Inst::StoreAttr;
  if (attribute && req_.learnt && in.fb.spec > Spec::Never && in.fb.spec != Spec::ModuleAttr)
    in.fb.varied = misses(c[1].cache) >= kOften ||
                   req_.learnt->isVaried((PyObject*)s_.names[in.op == Inst::LoadAttr ? in.arg >> 1 : in.arg]);
  if ((in.op == Inst::Call || in.op == Inst::ToBool) && in.fb.spec > Spec::Never) in.fb.varied = misses(c[1].cache) >= kOften;
  varied_ |= in.fb.varied && attribute;
  const bool wanted = in.fb.spec == Spec::None || in.fb.spec == Spec::WithHint || in.fb.varied ||
                      (in.fb.spec != Spec::Never && ((in.op == Inst::Call && varied_) || guessFailedAt(in.at)));
  if ((attribute || in.op == Inst::Call) && req_.learnt && !s_.generic && wanted) in.fb.site = req_.learnt->site(in.at);
  in.fb.methods = in.op == Inst::Call && req_.learnt && req_.learnt->callsMethods(in.at);
  if (adaptive == BINARY_OP_INPLACE_ADD_UNICODE) in.fb.index = 1;   // the left operand is the local stored next
  if (req_.learnt && (in.op == Inst::BinaryOp || in.op == Inst::CompareOp || in.op == Inst::BinarySubscr ||
                      in.op == Inst::StoreSubscr)) {
    in.fb.profileSlot = req_.learnt->slot(in.at);
    if (in.fb.profileSlot) {
      auto* p = (const uint32_t*)in.fb.profileSlot;   // support/type_profile.h: lhs, rhs, count
      in.fb.lhsKinds = p[0];
      in.fb.rhsKinds = p[1];
      in.fb.samples = p[2];
    }
  }
}

void Reader::emitInstr(int base, const _Py_CODEUNIT* live, uint32_t start, uint32_t at, uint32_t next, int arg) {
  Instr in;
  in.start = start;
  in.at = at;
  in.next = next;
  auto push = [&](Inst op, int a, bool split) {
    in.op = op;
    in.arg = a;
    in.split = split;
    s_.instrs.push_back(in);
  };
  switch (base) {   // superinstructions
    case LOAD_FAST_LOAD_FAST: push(Inst::LoadFast, arg >> 4, true); push(Inst::LoadFast, arg & 15, false); return;
    case STORE_FAST_LOAD_FAST: push(Inst::StoreFast, arg >> 4, true); push(Inst::LoadFast, arg & 15, false); return;
    case STORE_FAST_STORE_FAST: push(Inst::StoreFast, arg >> 4, true); push(Inst::StoreFast, arg & 15, false); return;
    default: break;
  }
  in.op = canonical(base);
  in.arg = arg;
  switch (in.op) {
    case Inst::JumpForward: case Inst::PopJumpIfFalse: case Inst::PopJumpIfTrue: case Inst::PopJumpIfNone:
    case Inst::PopJumpIfNotNone: case Inst::Send:
      in.target = next + arg;
      break;
    case Inst::ForIter: in.target = next + arg + 2; break;   // behind END_FOR and POP_TOP
    case Inst::JumpBackward: case Inst::JumpBackwardNoInterrupt: in.target = next - arg; break;
    default: break;
  }
  int adaptive = live->op.code;
  if (adaptive < MIN_INSTRUMENTED_OPCODE && baseOpcode(adaptive) == base) learn(in, adaptive, live);
  s_.instrs.push_back(in);
}

void Reader::decode() {
  PyCodeObject* co = req_.code;
  PyObject* bytes = PyCode_GetCode(co);   // base opcodes, uninstrumented
  if (!bytes) { PyErr_Clear(); return; }
  auto* code = (const uint8_t*)PyBytes_AS_STRING(bytes);
  const _Py_CODEUNIT* live = _PyCode_CODE(co);
  s_.at.assign(s_.size + 1, -1);
  for (uint32_t i = 0; i < s_.size;) {
    uint32_t start = i;
    int arg = code[2 * i + 1];
    int base = code[2 * i];
    while (base == EXTENDED_ARG && i + 1 < s_.size) {
      i++;
      base = code[2 * i];
      arg = arg << 8 | code[2 * i + 1];
    }
    uint32_t next = i + 1 + cacheUnits(base);
    s_.at[start] = s_.at[i] = (int32_t)s_.instrs.size();
    emitInstr(base, live + i, start, i, next, arg);
    i = next;
  }
  Py_DECREF(bytes);
}

// Names are compared by address: both tuples hold interned strings.
void Reader::keywords() {
  for (size_t i = 1; i < s_.instrs.size(); i++) {
    if (s_.instrs[i].op != Inst::CallKw || s_.instrs[i - 1].op != Inst::LoadConst) continue;
    const void* names = s_.consts[size_t(s_.instrs[i - 1].arg)];
    if (PyTuple_GET_SIZE(names)) s_.keywords.try_emplace(names, &PyTuple_GET_ITEM(names, 0), &PyTuple_GET_ITEM(names, 0) + PyTuple_GET_SIZE(names));
  }
  if (s_.keywords.empty()) return;
  for (auto& [object, info] : s_.objects) {
    FunctionInfo& fi = info.function;
    if (!fi.simple) continue;
    auto* co = (PyCodeObject*)fi.code;
    for (int k = 0; k < co->co_argcount; k++)
      fi.parameters.push_back(k < co->co_posonlyargcount ? nullptr : PyTuple_GET_ITEM(co->co_localsplusnames, k));
  }
}

void Reader::handlers() {
  auto* p = (const uint8_t*)PyBytes_AS_STRING(req_.code->co_exceptiontable);
  const uint8_t* end = p + PyBytes_GET_SIZE(req_.code->co_exceptiontable);
  auto varint = [&] {   // big-endian groups of six bits, bit 6 says that more follow
    uint32_t v = *p & 63;
    while (p < end && *p & 64) v = v << 6 | (*++p & 63);
    p++;
    return v;
  };
  while (p < end) {
    HandlerRange h;
    h.start = varint();
    h.end = h.start + varint();
    h.target = varint();
    uint32_t d = varint();
    h.depth = d >> 1;
    h.lasti = d & 1;
    if (h.target < s_.size) s_.handlers.push_back(h);
  }
}

void Reader::run() {
  head();
  handlers();
  tables();
  decode();
  keywords();
  if (req_.depth == ~0u) {
    int32_t d = stackDepthAt(s_, req_.pc);
    if (d < 0) s_.instrs.clear();   // nothing that can be entered
    s_.entryDepth = d < 0 ? 0 : (uint32_t)d;
  }
}

}  // namespace

std::unique_ptr<Snapshot> takeSnapshot(const SnapshotRequest& request) {
  auto s = std::make_unique<Snapshot>();
  Reader(request, *s).run();
  return s;
}

}  // namespace od
