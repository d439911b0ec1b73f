// Calls: directly to compiled functions where the callee's code is known, to known builtins as operations, otherwise
// through the generic helper.
#include <algorithm>
#include "build/builder.h"

namespace od {

bool Builder::genericCall() {
  uint32_t n = (uint32_t)in_->arg + 2;
  return array(Helper::call, n, Type::object());
}

// What the callable on the stack was when the snapshot was taken: from its definition or from the call's inline cache.
const void* Builder::expectedCallee(Ref& callable) {
  if (const void* p = constPtr(callable.v)) return p;
  auto h = hints_.find(root(callable.v).raw);
  if (h != hints_.end()) return h->second;
  return in_->fb.object;
}

// Makes sure of the callee: by its code for functions, by its address for objects that the unit keeps alive.
bool Builder::guardCallee(Ref& callable, const void* object, const ObjectInfo& info) {
  if (constPtr(callable.v) == object && info.kind != Kind::Function) return true;
  if (info.kind == Kind::Function) {
    if (!mayGuess(Reason::callee_changed)) return false;
    if (!guessKind(callable, Kind::Function, Reason::callee_changed)) return false;
    guardCmp(Cond::Eq, load(Op::LoadI64, callable.v, L_.fn_code), constI64((int64_t)info.function.code), Reason::callee_changed);
    return true;
  }
  if (!info.keptAlive || s_.generic || s_.failedGuess(in_->at, (uint16_t)Reason::callee_changed)) return false;
  ValueId g = emit(Op::GuardIs, {callable.v}, (int64_t)object);
  f[g].state = exitState(Reason::callee_changed);
  f[g].type = Type(info.kind);
  replace(callable.v, g);
  callable.v = g;
  return true;
}

// The first thing that a call does with a bound method: its function and its object take its place and that of the null above.
void Builder::expandMethod(Ref& callable, Ref& self) {
  const Ref method = callable;
  callable = {load(Op::LoadObj, method.v, L_.method_func), Own::Lazy};
  self = {load(Op::LoadObj, method.v, L_.method_self), Own::Lazy};
  exits_.clear();   // they show the method
  if (!releases(method)) return;
  observable();
  dropAt(method, f.newState(frameState(in_->at, in_->start, ExitKind::Resume, Reason::world)));
}

// What is expected to be called, with a bound method expanded; null: nobody knows.
const ObjectInfo* Builder::preparedCallee(Ref& callable, Ref& self, const void** object) {
  *object = expectedCallee(callable);
  const ObjectInfo* info = *object ? s_.object(*object) : nullptr;
  const Spec spec = in_->fb.spec;
  const bool knownMethod = info && info->kind == Kind::Method;
  const bool bound = !self.v && (knownMethod || spec == Spec::BoundExact || spec == Spec::BoundGeneral || in_->fb.methods);
  if (!bound || !guessKind(callable, Kind::Method, Reason::not_kind)) return knownMethod ? nullptr : info;
  if (knownMethod) {
    *object = info->callee;
    info = s_.object(*object);
  }
  expandMethod(callable, self);
  return info;
}

// Can it be said now what is called, with what before the arguments?
bool Builder::mayBeKnown(const Ref& callable, const Ref& self) const {
  if (s_.generic || !callable.v || f[callable.v].rep != Rep::Obj) return false;
  return !self.v || f[self.v].rep != Rep::Obj || !f[self.v].type.mayBeNull();
}

bool Builder::call() {
  uint32_t n = (uint32_t)in_->arg;
  Ref& callable = top(n + 1);
  Ref& self = top(n);
  if (!mayBeKnown(callable, self)) return genericCall();
  const void* object;
  const ObjectInfo* info = preparedCallee(callable, self, &object);
  bool anyFunction = in_->fb.site && type(callable.v).may(Kind::Function) && !constPtr(callable.v) &&
                     (!info || (info->kind == Kind::Function && (found_.count(root(callable.v).raw) || !mayGuess(Reason::callee_changed))));
  if (anyFunction) return polyCall(n);
  if (!info) return genericCall();
  if (info->kind == Kind::Function) {
    if (callFunction(*info, n, {})) return true;
  } else if (info->c.signature != CSignature::None) {
    if (info->known != KnownCallable::None && callBuiltin(*info, object, n)) return true;
    if (callC(*info, object, n)) return true;
  } else if (in_->fb.spec == Spec::AllocInit) {
    if (callClass(*info, n)) return true;
  }
  return declined == Reason::none && genericCall();
}

// The parameter that each of the arguments is for, the last of them given by these names; none: CPython has to bind them.
std::optional<std::vector<uint32_t>> Builder::parametersOf(const FunctionInfo& fn, uint32_t total,
                                                           const std::vector<const void*>& names) const {
  const uint32_t positional = total - uint32_t(names.size());
  if (!fn.simple || !fn.cell || total > fn.argcount || fn.argcount > 100 || fn.defaults > fn.argcount) return std::nullopt;
  std::vector<uint32_t> out;
  std::vector<bool> given(fn.argcount);
  auto give = [&](size_t parameter) {
    out.push_back(uint32_t(parameter));
    given[parameter] = true;
  };
  for (uint32_t i = 0; i < positional; i++) give(i);
  for (const void* name : names) {
    const size_t i = size_t(std::find(fn.parameters.begin(), fn.parameters.end(), name) - fn.parameters.begin());
    if (i >= fn.parameters.size() || given[i]) return std::nullopt;
    give(i);
  }
  for (uint32_t i = 0; i < fn.argcount - fn.defaults; i++) if (!given[i]) return std::nullopt;
  return out;
}

// Parameters that the call leaves out: new references to the items of func.__defaults__.
void Builder::defaults(const FunctionInfo& fn, ValueId func, std::vector<ValueId>& args) {
  const uint32_t first = fn.argcount - fn.defaults;
  for (uint32_t i = first; i < fn.argcount; i++) {
    if (args[i]) continue;
    ValueId tuple = load(Op::LoadObj, func, L_.fn_defaults);
    args[i] = load(Op::LoadObj, tuple, L_.tuple_items + 8 * (int64_t)(i - first));
    retain(args[i]);
  }
}

ValueId Builder::emitCallUnit(const FunctionInfo& fn, ValueId func, const std::vector<ValueId>& args) {
  observable();
  std::vector<ValueId> ops{func};
  ops.insert(ops.end(), args.begin(), args.end());
  ValueId c = f.make(Op::CallUnit, ops, (int64_t)fn.cell);
  f[c].rep = Rep::Obj;
  f[c].type = Type::object();
  f[c].state = raiseState();
  f[c].pc = in_->at;
  emitIn(cur_, c);
  f.maxOutArgs = std::max(f.maxOutArgs, (uint32_t)args.size());
  if (fn.cell) cells.push_back(fn.cell);
  return c;
}

// The arguments are owned and become the callee's. The function itself is held by this frame until the call is over: by a
// slot that shows it, or by a reference of the call's own.
ValueId Builder::callUnit(const FunctionInfo& fn, Ref func, std::vector<ValueId> args) {
  bool hold = func.own == Own::Lazy && !inSlots(func.v) && !(constant(func.v) && constant(func.v)->keptAlive);
  if (hold) {
    retain(func.v);
    func.own = Own::Owned;
  }
  bool drop = releases(func);
  if (drop) pending_.push_back(func.v);
  ValueId c = emitCallUnit(fn, func.v, args);
  if (drop) {
    // Until it is released the function belongs to the state behind the call.
    push(c, Own::Owned);
    f[c].after = afterState();
    pending_.pop_back();
    dropAt(func, afterState());
    st_.slots.pop_back();
  }
  return c;
}

// Any Python function may be called here: directly if it takes these arguments as they are, else the general way.
bool Builder::polyCall(uint32_t n) {
  bool withSelf = top(n).v.valid();
  for (uint32_t i = 0; i < n + withSelf; i++) object(top(i));   // in place, on both ways
  std::vector<Ref> refs(n + 2);
  for (uint32_t i = n + 2; i-- > 0;) refs[i] = pop();
  ValueId cell = helper(Helper::cell_of, {refs[0].v, constI64(n + withSelf), constI64((int64_t)in_->fb.site)}, Type());
  retainLazies();
  State before = st_;
  BlockId direct, general, on = f.newBlock();
  fork(nonZero(cell), direct, general);
  cur_ = direct;
  std::vector<ValueId> args;
  for (uint32_t i = withSelf ? 1 : 2; i < n + 2; i++) args.push_back(take(refs[i]));
  args.push_back(cell);
  ValueId x = callUnit(FunctionInfo{}, refs[0], args);
  push(x, Own::Owned);
  if (!f[x].after) f[x].after = afterState();
  pop();
  BlockId end = cur_;
  cur_ = general;
  st_ = before;
  taken_.clear();
  std::vector<ValueId> all;
  for (Ref& r : refs) all.push_back(take(r));
  ValueId y = helper(Helper::call, all, Type::object(), 0);
  push(y, Own::Owned);
  finish(y);
  pop();
  ValueId r = eitherResult(on, end, x, cur_, y);
  st_.unboxed = before.unboxed;
  push(r, Own::Owned);
  return true;
}

// `names`, a constant on top of the stack, are the keywords of the last arguments; none: there is no such constant.
bool Builder::callFunction(const ObjectInfo& info, uint32_t n, const std::vector<const void*>& names) {
  const FunctionInfo& fn = info.function;
  const uint32_t above = !names.empty();
  Ref& callable = top(n + 1 + above);
  const bool withSelf = top(n + above).v.valid();
  const uint32_t total = n + withSelf;
  const auto places = parametersOf(fn, total, names);
  if (!places || (above && releases(top())) || !guardCallee(callable, fn.function, info)) return false;
  if (total < fn.argcount) {
    ValueId tuple = load(Op::LoadObj, callable.v, L_.fn_defaults, Type::nullable());
    ValueId g = guardNotNull(tuple, Reason::callee_changed);
    guardCmp(Cond::Eq, load(Op::LoadI64, g, L_.ob_size), constI64(fn.defaults), Reason::callee_changed);
  }
  if (above) pop();
  std::vector<Ref> refs(total);
  for (uint32_t i = total; i-- > 0;) refs[i] = pop();
  if (!withSelf) pop();   // the null below the arguments
  Ref func = pop();
  std::vector<ValueId> args(fn.argcount);
  for (uint32_t i = 0; i < total; i++) args[(*places)[i]] = take(refs[i]);
  defaults(fn, func.v, args);
  ValueId c = callUnit(fn, func, args);
  push(c, Own::Owned);
  if (!f[c].after) f[c].after = afterState();
  return true;
}

// Keywords that name parameters of a known function are bound now.
bool Builder::callKeywords() {
  const uint32_t n = (uint32_t)in_->arg;
  auto names = s_.keywords.find(constPtr(top().v));
  Ref& callable = top(n + 2);
  Ref& self = top(n + 1);
  if (names != s_.keywords.end() && mayBeKnown(callable, self)) {
    const void* object;
    const ObjectInfo* info = preparedCallee(callable, self, &object);
    if (info && info->kind == Kind::Function && callFunction(*info, n, names->second)) return true;
  }
  return declined == Reason::none && array(Helper::call_kw, n + 3, Type::object());
}

// A class whose __init__ is a Python function: allocate, initialise, check that it returned None.
bool Builder::callClass(const ObjectInfo& cls, uint32_t n) {
  const ObjectInfo* init = cls.callee ? s_.object(cls.callee) : nullptr;
  if (!init || init->kind != Kind::Function || cls.versionTag != in_->fb.typeVersion || !cls.versionTag) return false;
  const FunctionInfo& fn = init->function;
  Ref& callable = top(n + 1);
  if (top(n).v || !fn.simple || !fn.cell || fn.argcount != n + 1 || !mayGuess(Reason::callee_changed)) return false;
  guardClassVersion(callable.v, in_->fb.typeVersion, Reason::callee_changed);
  Ref func{constObj(cls.callee), Own::Lazy};
  guardCmp(Cond::Eq, load(Op::LoadI64, func.v, L_.fn_code), constI64((int64_t)fn.code), Reason::callee_changed);
  std::vector<Ref> refs(n);
  for (uint32_t i = n; i-- > 0;) refs[i] = pop();
  pop();
  Ref klass = pop();
  std::vector<ValueId> args{ValueId()};
  for (Ref& r : refs) args.push_back(take(r));
  // From here the arguments are owned and in no slot: should the allocation fail, they are let go.
  for (size_t i = 1; i < args.size(); i++) pending_.push_back(args[i]);
  if (releases(klass)) pending_.push_back(klass.v);
  ValueId object = helper(Helper::new_object, {klass.v}, Type(Kind::Other));
  pending_.clear();
  push(object, Own::Owned);
  drops({klass});
  Ref self = pop();
  pending_.push_back(object);
  emit(Op::Retain, {object});
  args[0] = object;
  retain(func.v);
  pending_.push_back(func.v);
  ValueId c = emitCallUnit(fn, func.v, args);
  helper(Helper::exit_init_check, {c}, Type());
  pending_.clear();
  pushRef(self);
  dropAt(Ref{func.v, Own::Owned}, afterState());
  leaveIfChanged();
  return true;
}

// A C function at its own address: what the interpreter's specialised calls do.
bool Builder::callC(const ObjectInfo& info, const void* object, uint32_t n) {
  const CFunction& c = info.c;
  const bool method = c.type != nullptr, withSelf = top(n).v.valid();
  const uint32_t total = n + withSelf, parameters = total - method;
  if ((method && !total) || (withSelf && !method)) return false;
  if (c.signature == CSignature::NoArgs && parameters != 0) return false;
  if (c.signature == CSignature::One && parameters != 1) return false;
  if (total > 100) return false;
  Ref& callable = top(n + 1);
  if (method && !isInstance(top(total - 1), c.type)) return false;
  if (!guardCallee(callable, object, info)) return false;
  std::vector<Ref> refs(total);
  for (uint32_t i = total; i-- > 0;) refs[i] = pop();
  if (!withSelf) pop();
  Ref func = pop();
  std::vector<ValueId> args;
  for (Ref& r : refs) args.push_back(take(r));
  if (releases(func)) pending_.push_back(func.v);
  const ValueId address = constI64((int64_t)c.address);
  auto with = [&](std::initializer_list<ValueId> head) {
    std::vector<ValueId> all(head);
    all.insert(all.end(), args.begin(), args.end());
    return all;
  };
  ValueId r;
  switch (c.signature) {
    case CSignature::NoArgs:
      r = method ? helper(Helper::call_c_method_none, {args[0], address}, Type::object())
                 : helper(Helper::call_c_none, {constObj(c.self), address}, Type::object());
      break;
    case CSignature::One:
      r = method ? helper(Helper::call_c_method_one, {args[0], args[1], address}, Type::object())
                 : helper(Helper::call_c_one, {constObj(c.self), args[0], address}, Type::object());
      break;
    case CSignature::Fast:
      r = method ? helper(Helper::call_c_method_fast, with({address}), Type::object(), 1)
                 : helper(Helper::call_c_fast, with({constObj(c.self), address}), Type::object(), 2);
      break;
    default: r = helper(Helper::call_c_type, with({constObj(object), address}), Type::object(), 2);
  }
  push(r, Own::Owned);
  finish(r);
  pending_.clear();
  drops({func});
  return true;
}

// Known or guarded: an instance of exactly that class, which is never changed.
bool Builder::isInstance(Ref& r, const void* type) {
  if (!r.v || f[r.v].rep != Rep::Obj) return false;
  Kind k = this->type(r.v).single();
  if (k != Kind::Count && k != Kind::Other) return L_.kindType[unsigned(k)] == type;
  if (!mayGuess(Reason::not_kind)) return false;
  guardCmp(Cond::Eq, load(Op::LoadI64, r.v, L_.ob_type), constI64((int64_t)type), Reason::not_kind);
  return true;
}

bool Builder::callBuiltin(const ObjectInfo& info, const void* object, uint32_t n) {
  Ref& callable = top(n + 1);
  bool withSelf = top(n).v.valid();
  auto result = [&](ValueId v, Own own) {   // n arguments, self or null and the callable give way to it
    Ref a = n > 0 ? pop() : Ref{};
    for (uint32_t i = 1; i < n; i++) pop();
    Ref s = pop();
    Ref c = pop();
    push(v, own);
    drops({c, s, a});
    return true;
  };
  switch (info.known) {
    case KnownCallable::Len: {
      if (n != 1 || withSelf || f[top().v].rep != Rep::Obj) return false;
      Type t = type(top().v);
      int32_t at = t.is(Kind::List) || t.is(Kind::Tuple) || t.is(Kind::Bytes) ? L_.ob_size
                   : t.is(Kind::Str) ? L_.unicode_length : t.is(Kind::Dict) ? L_.dict_used : 0;
      if (!at || !guardCallee(callable, object, info)) return false;
      return result(load(Op::LoadI64, top().v, at), Own::Constant);
    }
    case KnownCallable::Abs:
      if (n != 1 || withSelf || !canF64(top()) || !guardCallee(callable, object, info)) return false;
      return result(emit(Op::AbsF, {f64(top())}), Own::Constant);
    case KnownCallable::Sqrt: {
      if (n != 1 || withSelf || !(canF64(top()) || canI64(top())) || !mayGuess(Reason::math_domain) ||
          !guardCallee(callable, object, info))
        return false;
      ValueId x = f64(top());
      guardTrue(emit(Op::CmpF, {x, constF64(0.0)}, 0, (uint32_t)Cond::Ge), Reason::math_domain);
      return result(emit(Op::SqrtF, {x}), Own::Constant);
    }
    case KnownCallable::ListAppend: {
      if (n != 1 || !withSelf || !guessKind(top(1), Kind::List, Reason::not_kind) || !guardCallee(callable, object, info))
        return false;
      Ref v = pop(), list = pop(), c = pop();
      ValueId item = take(v);
      pending_.clear();
      if (releases(list)) pending_.push_back(list.v);
      if (releases(c)) pending_.push_back(c.v);
      helper(Helper::list_append, {list.v, item}, Type());
      pending_.clear();
      push(constObj(L_.None), Own::Constant);
      drops({list, c});
      return true;
    }
    default: return false;
  }
}

}  // namespace od
