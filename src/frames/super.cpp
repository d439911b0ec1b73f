// super() without arguments, called by a frame whose values live in compiled code.
//
// It takes the calling frame's first local and __class__ cell straight from localsplus. Whatever name it is called by, it
// comes through the type's tp_vectorcall or tp_init, or that of a class derived from it: there the frame's values are put
// where it looks. They are borrowed: compiled code holds them over the call, and nobody else looks into a native frame's
// localsplus.
#include "frames/frames.h"

namespace od {
namespace {

vectorcallfunc originalVectorcall = nullptr;
initproc originalInit = nullptr;

void showFrame(PyThreadState* ts) {
  Frame* f = ts->current_frame;
  if (!f || !isNativeFrame(f)) return;
  NativeRecord* rec = recordOf(f);
  Unit* u = rec->unit->unit;
  StateId state(rec->state);
  if ((rec->flags & kRecordLocalsOut) || !u->exits.has(state)) return;
  DecodedState s = u->exits.decode(state);
  const uint64_t* spill = spillOf(rec);
  size_t firstFree = u->nlocalsplus() - size_t(u->code->co_nfreevars);
  for (size_t i = 0; i < u->nlocalsplus(); i++) {
    if (i > 0 && i < firstFree) continue;
    int32_t v = s.slots[i];
    if (v >= 0 && s.values[v].rep != Rep::Obj) {
      showLocals(f);
      return;
    }
    if (v < 0) f->localsplus[i] = nullptr;
    else if (s.values[v].where == Where::Const) f->localsplus[i] = reinterpret_cast<PyObject*>(s.values[v].payload);
    else f->localsplus[i] = reinterpret_cast<PyObject*>(spill[s.values[v].payload]);
  }
}

PyObject* superVectorcall(PyObject* type, PyObject* const* args, size_t nargsf, PyObject* kwnames) {
  if (!PyVectorcall_NARGS(nargsf)) showFrame(PyThreadState_GetUnchecked());
  return originalVectorcall(type, args, nargsf, kwnames);
}

int superInit(PyObject* self, PyObject* args, PyObject* kwds) {
  if (!PyTuple_GET_SIZE(args)) showFrame(PyThreadState_GetUnchecked());
  return originalInit(self, args, kwds);
}

// Derived classes take tp_init from the slot wrapper `super.__init__`, as do explicit calls of it: new ones from now on,
// those that are there already are seen to here.
void hookDerived(PyTypeObject* type) {
  if (type->tp_init == originalInit) type->tp_init = superInit;
  PyObject* derived = PyObject_CallMethod(reinterpret_cast<PyObject*>(type), "__subclasses__", nullptr);
  for (Py_ssize_t i = 0; derived && PyList_Check(derived) && i < PyList_GET_SIZE(derived); i++)
    hookDerived(reinterpret_cast<PyTypeObject*>(PyList_GET_ITEM(derived, i)));
  Py_XDECREF(derived);
  PyErr_Clear();
}

void hookWrapper() {
  PyObject* wrapper = PyObject_GetAttrString(reinterpret_cast<PyObject*>(&PySuper_Type), "__init__");
  if (wrapper && Py_IS_TYPE(wrapper, &PyWrapperDescr_Type))
    reinterpret_cast<PyWrapperDescrObject*>(wrapper)->d_wrapped = reinterpret_cast<void*>(superInit);
  Py_XDECREF(wrapper);
  PyErr_Clear();
}

}  // namespace

void installSuperHook() {
  if (originalInit) return;
  originalVectorcall = PySuper_Type.tp_vectorcall;
  originalInit = PySuper_Type.tp_init;
  if (originalVectorcall) PySuper_Type.tp_vectorcall = superVectorcall;
  hookWrapper();
  hookDerived(&PySuper_Type);
}

}  // namespace od
