// The dispatch over canonical instructions, and the families that are mostly calls to generic helpers.
#include "build/builder.h"

namespace od {

bool Builder::instruction() {
  // Never executed while the interpreter ran this code: leave it to the interpreter, until it is seen to matter.
  if (in_->fb.spec == Spec::Never && mayGuess(Reason::branch_cold)) {
    exitHere(Reason::branch_cold, true);
    return true;
  }
  if (in_->split)
    if (const Instr& second = s_.instrs[index_ + 1]; second.op == Inst::LoadFast && st_.slots[second.arg].v &&
                                                     !(in_->op == Inst::StoreFast && in_->arg == second.arg))
      boundLocal((uint32_t)second.arg);
  switch (in_->op) {
    case Inst::Nop: case Inst::Resume: return true;
    case Inst::LoadFast: case Inst::LoadFastCheck: case Inst::LoadFastAndClear: case Inst::StoreFast: case Inst::DeleteFast:
    case Inst::LoadConst:
      return locals();
    case Inst::PopTop: case Inst::PushNull: case Inst::Copy: case Inst::Swap: case Inst::EndFor: case Inst::IsOp:
      return stackOps();
    case Inst::BinaryOp: return binaryOp();
    case Inst::CompareOp: return compareOp();
    case Inst::UnaryNegative: case Inst::UnaryNot: case Inst::UnaryInvert: return unary();
    case Inst::ToBool: return toBool();
    case Inst::BinarySubscr: return subscr();
    case Inst::StoreSubscr: return storeSubscr();
    case Inst::LoadAttr: return loadAttr();
    case Inst::StoreAttr: return storeAttr();
    case Inst::LoadSuperAttr: return superAttr();
    case Inst::LoadGlobal: return loadGlobal();
    case Inst::UnpackSequence: case Inst::UnpackEx: return unpack();
    case Inst::GetIter: return getIter();
    case Inst::ForIter: return forIter();
    case Inst::Call: return call();
    case Inst::PopJumpIfFalse: case Inst::PopJumpIfTrue: case Inst::PopJumpIfNone: case Inst::PopJumpIfNotNone:
      conditional();
      return true;
    case Inst::JumpForward: case Inst::JumpBackwardNoInterrupt:
      ended_ = true;
      flow(g_.blocks[bb_].succs[0], cur_, st_);
      return true;
    case Inst::JumpBackward: {
      observable();
      ValueId v = emit(Op::CheckWorld, {});
      f[v].state = exitState(Reason::world);
      ended_ = true;
      flow(g_.blocks[bb_].succs[0], cur_, st_);
      return true;
    }
    case Inst::ReturnValue: case Inst::ReturnConst: returnValue(); return true;
    case Inst::YieldValue: return yieldValue();
    case Inst::GetYieldFromIter: case Inst::Send: case Inst::EndSend: return delegation();
    case Inst::MakeCell: case Inst::CopyFreeVars: case Inst::LoadDeref: case Inst::StoreDeref: case Inst::DeleteDeref:
      return cells_();
    case Inst::StoreGlobal: case Inst::DeleteGlobal: case Inst::LoadName: case Inst::StoreName: case Inst::DeleteName:
    case Inst::LoadLocals: case Inst::LoadFromDictOrGlobals: case Inst::LoadFromDictOrDeref: case Inst::LoadBuildClass:
    case Inst::SetupAnnotations: case Inst::DeleteAttr: case Inst::ImportName: case Inst::ImportFrom: case Inst::LoadAssertionError:
      return namespaces();
    case Inst::PushExcInfo: case Inst::PopExcept: case Inst::CheckExcMatch: case Inst::CheckEgMatch: case Inst::RaiseVarargs:
    case Inst::BeforeWith: case Inst::WithExceptStart:
      return exceptions();
    case Inst::CallKw: case Inst::CallFunctionEx: case Inst::CallIntrinsic1: case Inst::CallIntrinsic2: case Inst::MakeFunction:
    case Inst::SetFunctionAttribute: case Inst::ContainsOp: case Inst::GetLen: case Inst::MatchClass: case Inst::MatchMapping:
    case Inst::MatchSequence: case Inst::MatchKeys:
      return functions();
    case Inst::ConvertValue: case Inst::FormatSimple: case Inst::FormatWithSpec: return strings();
    default:
      if (in_->op >= Inst::BuildTuple && in_->op <= Inst::MapAdd) return containers();
      if (in_->op == Inst::BinarySlice || in_->op == Inst::StoreSlice || in_->op == Inst::DeleteSubscr) return containers();
      return false;   // generators' instructions, RERAISE: the interpreter's
  }
}

// Makes sure that a local is set. LOAD_FAST cannot fail, Python's compiler has seen to it; the guard states what is known.
// LOAD_FAST_CHECK and DELETE_FAST can.
// In the second half of a superinstruction there can be no exit: instruction() has asked before the first.
void Builder::boundLocal(uint32_t n) {
  bool second = index_ > 0 && s_.instrs[index_ - 1].at == in_->at;
  if (second) return;
  ValueId v = st_.slots[n].v;
  if ((in_->op == Inst::LoadFastCheck || in_->op == Inst::DeleteFast) && unbound_.count(v.raw)) {
    Ref q = st_.slots[n];
    object(q, true);        // in place
    v = st_.slots[n].v;
  }
  if (f[v].rep != Rep::Obj || !f[v].type.mayBeNull()) return;
  replace(v, guardNotNull(v, Reason::unbound));
}

bool Builder::locals() {
  uint32_t n = (uint32_t)in_->arg;
  switch (in_->op) {
    case Inst::LoadConst: push(constObj(s_.consts[n]), Own::Constant); return true;
    case Inst::LoadFast: case Inst::LoadFastCheck: {
      if (!st_.slots[n].v) return false;   // the interpreter raises
      boundLocal(n);
      pushRef(st_.slots[n]);
      return true;
    }
    case Inst::LoadFastAndClear: {
      Ref r = st_.slots[n];
      st_.slots[n] = Ref{};
      pushRef(r);
      return true;
    }
    case Inst::StoreFast: {
      Ref r = pop();
      Ref old = st_.slots[n];
      st_.slots[n] = r;
      drop(old);
      return true;
    }
    case Inst::DeleteFast: {
      if (!st_.slots[n].v) return false;
      boundLocal(n);
      Ref old = st_.slots[n];
      st_.slots[n] = Ref{};
      drop(old);
      return true;
    }
    default: return false;
  }
}

bool Builder::stackOps() {
  switch (in_->op) {
    case Inst::PopTop: case Inst::EndFor: drop(pop()); return true;
    case Inst::PushNull: st_.slots.push_back(Ref{}); return true;
    case Inst::Copy: pushRef(top((uint32_t)in_->arg - 1)); return true;
    case Inst::Swap: std::swap(top(0), top((uint32_t)in_->arg - 1)); return true;
    case Inst::IsOp: {
      Ref &b = top(0), &a = top(1);
      ValueId same;
      if (f[a.v].rep == Rep::Bool && f[b.v].op == Op::ConstObj)
        same = f[b.v].imm == (int64_t)L_.True ? a.v : f[b.v].imm == (int64_t)L_.False ? emit(Op::NotB, {a.v}) : constBool(false);
      else if (f[b.v].op == Op::ConstObj && f[a.v].rep == Rep::Obj)
        same = emit(Op::IsObj, {a.v}, f[b.v].imm);
      else {
        ValueId x = object(a), y = object(b);
        same = root(x) == root(y) ? constBool(true) : emit(Op::IsSame, {x, y});
      }
      if (in_->arg) same = f[same].op == Op::ConstBool ? constBool(!f[same].imm) : emit(Op::NotB, {same});
      replaceTwo(same, Own::Constant);
      return true;
    }
    default: return false;
  }
}

bool Builder::cells_() {
  uint32_t n = (uint32_t)in_->arg;
  switch (in_->op) {
    case Inst::MakeCell: {
      Ref old = st_.slots[n];
      st_.slots[n] = Ref{};
      ValueId c = helper(Helper::make_cell, {old.v ? take(old) : constObj(nullptr)}, Kind::Cell);
      st_.slots[n] = Ref{c, Own::Owned};
      return true;
    }
    case Inst::CopyFreeVars: {
      ValueId closure = load(Op::LoadObj, emit(Op::LoadFunc, {}), L_.fn_closure);
      for (uint32_t i = 0; i < n; i++) {
        ValueId c = load(Op::LoadObj, closure, L_.tuple_items + 8 * (int64_t)i, Kind::Cell);
        retain(c);
        st_.slots[s_.nlocalsplus - n + i] = Ref{c, Own::Owned};
      }
      return true;
    }
    case Inst::LoadDeref: {
      ValueId v = load(Op::LoadObj, st_.slots[n].v, L_.cell_ref, Type::nullable());
      ValueId g = guardNotNull(v, Reason::unbound);
      push(g, Own::Lazy);
      return true;
    }
    case Inst::StoreDeref: {
      ValueId cell = st_.slots[n].v;
      Ref r = pop();
      ValueId v = take(r);
      retainLazies();
      ValueId old = load(Op::LoadObj, cell, L_.cell_ref, Type::nullable());
      emit(Op::StoreObj, {cell, v}, L_.cell_ref);
      drop(Ref{old, Own::Owned});
      return true;
    }
    case Inst::DeleteDeref: {
      ValueId cell = st_.slots[n].v;
      ValueId v = load(Op::LoadObj, cell, L_.cell_ref, Type::nullable());
      ValueId g = guardNotNull(v, Reason::unbound);
      retainLazies();
      emit(Op::StoreObj, {cell, constObj(nullptr)}, L_.cell_ref);
      drop(Ref{g, Own::Owned});
      return true;
    }
    default: return false;
  }
}

bool Builder::namespaces() {
  auto named = [&] { return constObj(s_.names[in_->arg]); };
  switch (in_->op) {
    case Inst::LoadAssertionError: push(constObj(s_.assertionError), Own::Constant); return true;
    case Inst::StoreGlobal: { Ref r = pop(); finish(helper(Helper::store_global, {take(r), named()}, Type())); return true; }
    case Inst::DeleteGlobal: finish(helper(Helper::delete_global, {named()}, Type())); return true;
    case Inst::LoadName: return pushResult(helper(Helper::load_name, {named()}, Type::object()));
    case Inst::StoreName: { Ref r = pop(); finish(helper(Helper::store_name, {take(r), named()}, Type())); return true; }
    case Inst::DeleteName: finish(helper(Helper::delete_name, {named()}, Type())); return true;
    case Inst::LoadLocals: return pushResult(helper(Helper::load_locals, {}, Type::object()));
    case Inst::LoadFromDictOrGlobals: {
      Ref r = pop();
      return pushResult(helper(Helper::load_from_dict_or_globals, {take(r), named()}, Type::object()));
    }
    case Inst::LoadFromDictOrDeref: {
      Ref r = pop();
      ValueId d = take(r);
      ValueId cell = st_.slots[in_->arg].v;
      return pushResult(helper(Helper::load_from_dict_or_deref, {d, cell, constI64(in_->arg)}, Type::object()));
    }
    case Inst::LoadBuildClass: return pushResult(helper(Helper::load_build_class, {}, Type::object()));
    case Inst::SetupAnnotations: finish(helper(Helper::setup_annotations, {}, Type())); return true;
    case Inst::DeleteAttr: { Ref r = pop(); finish(helper(Helper::del_attr, {take(r), named()}, Type())); return true; }
    case Inst::ImportName: {
      Ref fromlist = pop(), level = pop();
      ValueId a = take(level), b = take(fromlist);
      return pushResult(helper(Helper::import_name, {a, b, named()}, Type::object()));
    }
    case Inst::ImportFrom: return pushResult(helper(Helper::import_from, {object(top()), named()}, Type::object()));
    default: return false;
  }
}

bool Builder::exceptions() {
  switch (in_->op) {
    case Inst::PushExcInfo: {
      Ref exc = pop();
      ValueId prev = helper(Helper::push_exc_info, {exc.v}, Type::object());
      push(prev, Own::Owned);
      pushRef(exc);
      return true;
    }
    case Inst::PopExcept: {
      Ref r = pop();
      helper(Helper::pop_except, {take(r)}, Type());
      leaveIfChanged();
      return true;
    }
    case Inst::CheckExcMatch: {
      Ref r = pop();
      ValueId t = take(r);
      ValueId c = helper(Helper::check_exc_match, {object(top()), t}, Type());
      push(nonZero(c), Own::Constant);
      leaveIfChanged();
      return true;
    }
    case Inst::CheckEgMatch: {
      Ref t = pop(), e = pop();
      ValueId a = take(e), b = take(t), rest = aux(1);
      ValueId match = helper(Helper::check_eg_match, {a, b, rest}, Type::object());
      push(load(Op::LoadObj, rest, 0), Own::Owned);
      push(match, Own::Owned);
      leaveIfChanged();
      return true;
    }
    case Inst::RaiseVarargs: {
      if (in_->arg == 0) return false;   // re-raising adds no traceback entry: the interpreter's
      Ref cause = in_->arg == 2 ? pop() : Ref{};
      Ref exc = pop();
      ValueId e = take(exc), c = take(cause);
      helper(Helper::raise_varargs, {e, c}, Type::object());
      emit(Op::Unreachable, {});
      f[cur_].cold = true;
      ended_ = true;
      return true;
    }
    case Inst::BeforeWith: {
      Ref m = pop();
      ValueId v = take(m), exit = aux(1);
      ValueId r = helper(Helper::before_with, {v, exit}, Type::object());
      push(load(Op::LoadObj, exit, 0), Own::Owned);
      push(r, Own::Owned);
      leaveIfChanged();
      return true;
    }
    case Inst::WithExceptStart: {
      return pushResult(helper(Helper::with_except_start, {object(top(3)), object(top(0))}, Type::object()));
    }
    default: return false;
  }
}

bool Builder::functions() {
  uint32_t n = (uint32_t)in_->arg;
  switch (in_->op) {
    case Inst::CallKw: return callKeywords();
    case Inst::CallFunctionEx: {
      Ref kw = n & 1 ? pop() : Ref{};
      Ref args = pop();
      pop();   // null
      Ref callee = pop();
      ValueId a = take(callee), b = take(args), c = take(kw);
      return pushResult(helper(Helper::call_function_ex, {a, b, c}, Type::object()));
    }
    case Inst::CallIntrinsic1: {
      Ref r = pop();
      return pushResult(helper(Helper::call_intrinsic_1, {take(r), constI64(n)}, Type::object()));
    }
    case Inst::CallIntrinsic2: {
      Ref b = pop(), a = pop();
      ValueId x = take(a), y = take(b);
      return pushResult(helper(Helper::call_intrinsic_2, {x, y, constI64(n)}, Type::object()));
    }
    case Inst::MakeFunction: {
      Ref code = pop();
      object(code);
      if (releases(code)) pending_.push_back(code.v);
      ValueId c = helper(Helper::make_function, {code.v}, Kind::Function);
      pending_.clear();
      push(c, Own::Owned);
      drops({code});
      return true;
    }
    case Inst::SetFunctionAttribute: {
      Ref fn = pop(), attr = pop();
      helper(Helper::set_function_attribute, {take(attr), fn.v, constI64(n)}, Type());
      pushRef(fn);
      return true;
    }
    case Inst::ContainsOp: {
      Ref container = pop(), item = pop();
      ValueId a = take(item), b = take(container);
      ValueId c = helper(Helper::contains, {a, b}, Type());
      push(emit(Op::CmpI, {c, constI64(0)}, 0, (uint32_t)(n ? Cond::Eq : Cond::Ne)), Own::Constant);
      leaveIfChanged();
      return true;
    }
    case Inst::GetLen: return pushResult(helper(Helper::get_len, {object(top())}, Type(Kind::Int)));
    case Inst::MatchClass: {
      Ref names = pop(), cls = pop(), subject = pop();
      ValueId a = take(subject), b = take(cls), c = take(names);
      return pushResult(helper(Helper::match_class, {a, b, c, constI64(n)}, Type::object()));
    }
    case Inst::MatchMapping: case Inst::MatchSequence: {
      int64_t bit = in_->op == Inst::MatchMapping ? int64_t(1) << 6 : int64_t(1) << 5;   // Py_TPFLAGS_MAPPING, _SEQUENCE
      ValueId c = helper(Helper::type_flag, {object(top()), constI64(bit)}, Type());
      push(nonZero(c), Own::Constant);
      return true;
    }
    case Inst::MatchKeys: return pushResult(helper(Helper::match_keys, {object(top(1)), object(top(0))}, Type::object()));
    default: return false;
  }
}

bool Builder::strings() {
  switch (in_->op) {
    case Inst::ConvertValue: {
      Ref r = pop();
      return pushResult(helper(Helper::convert_value, {take(r), constI64(in_->arg)}, Type::object()));
    }
    case Inst::FormatSimple: {
      if (known(top().v, Kind::Str)) return true;
      Ref r = pop();
      return pushResult(helper(Helper::format_simple, {take(r)}, Type::object()));
    }
    case Inst::FormatWithSpec: {
      Ref spec = pop(), r = pop();
      ValueId a = take(r), b = take(spec);
      return pushResult(helper(Helper::format_with_spec, {a, b}, Type::object()));
    }
    default: return false;
  }
}

}  // namespace od
