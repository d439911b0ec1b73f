// Blocks, merges and loops: how states flow together. See builder.h for plans and rounds.
#include <algorithm>
#include <bit>
#include "build/builder.h"

namespace od {

Builder::Builder(const Snapshot& s, const Layout& layout) : s_(s), L_(layout) {}

bool Builder::isNull(ValueId v) const { return !v || (f[v].rep == Rep::Obj && f[v].type.is(Kind::Null)); }

LoopPlan& Builder::plan(uint32_t block) { return plans_[block]; }

// Does the loop that the unit enters give up control inside? Entering it anew after each yield costs more than it saves.
bool Builder::yieldsInside() const {
  for (const BytecodeBlock& b : g_.blocks)
    if (instClass(s_.instrs[b.last].op) == InstClass::Suspend) return true;
  return false;
}

bool Builder::run() {
  if (!s_.stacksize) { declined = Reason::no_stack; return false; }
  if (s_.instrs.empty()) { declined = Reason::instruction; return false; }
  g_ = buildGraph(s_);
  if (!g_.error.empty()) { declined = Reason::instruction; return false; }
  if (s_.kind == UnitKind::Loop && yieldsInside()) { declined = Reason::yields_each_turn; return false; }
  for (int rounds = 0;; rounds++) {
    restart_ = false;
    if (!round()) return false;
    if (!restart_) return true;
    // Plans only grow, and there are finitely many slots and facts; should it take long all the same, give up hoisting.
    if (rounds == 24)
      for (auto& p : plans_) { p.second.noHoist = true; for (auto& sp : p.second.slots) { sp.phi = sp.boxed = true; sp.types = Type::kAll; } }
    if (rounds > 28) { declined = Reason::instruction; return false; }
  }
}

// Is the unit entered behind a yield, or where a generator begins? It is given None there, on top of the stack.
bool Builder::resumesPlainly() const {
  if (s_.kind != UnitKind::Resume) return false;
  for (const Instr& in : s_.instrs)
    if (in.next == s_.entryPc) return in.op == Inst::YieldValue || in.op == Inst::ReturnGenerator;
  return false;
}

void Builder::entryBlock() {
  f = Function();
  f.kind = s_.kind;
  f.entryPc = s_.entryPc;
  f.entryDepth = s_.entryDepth;
  f.codes = {s_.code};
  f.codeBase = {s_.codeBase};
  f.nlocalsplus = s_.nlocalsplus;
  f.stacksize = s_.stacksize;
  f.framesize = s_.framesize;
  f.name = s_.name;
  f.entry = f.newBlock();
  literals_.clear();
  in_edges_.assign(g_.blocks.size(), {});
  open_.assign(g_.blocks.size(), {});
  cells.clear();
  pending_.clear();
  exits_.clear();
  unbound_.clear();
  hints_.clear();
  in_ = nullptr;
  cur_ = f.entry;
  st_ = State();
  bool whole = s_.kind == UnitKind::Function;
  uint32_t n = s_.nlocalsplus + s_.entryDepth;
  for (uint32_t i = 0; i < n; i++) {
    if (i + 1 == n && resumesPlainly()) { st_.slots.push_back(Ref{constObj(L_.None), Own::Constant}); continue; }
    if (whole && i >= s_.argcount) { st_.slots.push_back(Ref{}); continue; }
    ValueId v = emit(Op::LoadSlot, {}, i);
    f[v].type = whole ? Type::object() : Type::nullable();
    st_.slots.push_back(Ref{v, Own::Owned});
  }
}

bool Builder::round() {
  entryBlock();
  BlockId first = f.newBlock();   // constants may be added to the entry block for ever
  State st = st_;
  flow(0, first, std::move(st));
  ValueId j = f.make(Op::Jump, std::initializer_list<ValueId>{});
  f[f.entry].succ[0] = first;
  f[first].preds.push_back(f.entry);
  for (uint32_t b = 0; b < g_.blocks.size(); b++) {
    if (!enter(b)) continue;
    const BytecodeBlock& bb = g_.blocks[b];
    ended_ = false;
    for (index_ = bb.first; index_ <= bb.last && !ended_; index_++) {
      in_ = &s_.instrs[index_];
      exits_.clear();
      pending_.clear();
      taken_.clear();
      boxed_.clear();
      if (f.values.size() > 200000) { declined = Reason::too_large; return false; }
      if (!instruction() && !ended_) exitHere(Reason::uncompiled, false);
      if (declined != Reason::none) return false;
    }
    if (!ended_) {
      flow(bb.succs[0], cur_, st_);
    }
  }
  emitIn(f.entry, j);
  return true;
}

void Builder::exitHere(Reason why, bool counted) {
  StateId s = exitState(why);
  ValueId v = emit(Op::Exit, {}, counted);
  f[v].state = s;
  f[cur_].cold = true;
  ended_ = true;
}

// An open block (no terminator yet) goes on to a bytecode block.
void Builder::flow(uint32_t target, BlockId block, State st) {
  if (target & kLeaves) {
    Edge e{block, std::move(st)};
    OnEdge there(*this, e);
    const Instr& to = s_.instrs[g_.leaving[target & ~kLeaves].instr];
    StateId state = f.newState(frameState(to.at, to.start, ExitKind::Resume, Reason::uncompiled));
    ValueId v = emit(Op::Exit, {});
    f[v].state = state;
    f[cur_].cold = true;
    return;
  }
  if (open_[target].started) {
    Edge e{block, std::move(st)};
    closeLoop(target, e);
    return;
  }
  in_edges_[target].push_back(Edge{block, std::move(st)});
}

static void seal(Function& f, BlockId from, BlockId to) {
  ValueId j = f.make(Op::Jump, std::initializer_list<ValueId>{});
  f[j].block = from;
  f[from].values.push_back(j);
  f[from].succ[0] = to;
  f[to].preds.push_back(from);
}

bool Builder::enter(uint32_t b) {
  std::vector<Edge> in = std::move(in_edges_[b]);
  if (in.empty()) return false;
  bb_ = b;
  in_ = &s_.instrs[g_.blocks[b].first];
  exits_.clear();
  uint32_t depth = 0;
  for (int32_t l = g_.blocks[b].loop; l >= 0; l = g_.loops[l].parent) depth++;
  if (g_.blocks[b].header) {
    startLoop(b, in);
  } else if (in.size() == 1) {
    cur_ = in[0].block;
    st_ = std::move(in[0].st);
  } else {
    merge(b, in);
  }
  f[cur_].loopDepth = depth;
  f[cur_].pc = in_->at;
  return true;
}

// ---------------------------------------------------------------- conversions on an edge

// Emits into the edge's block; the guard exits resume at the target's first instruction.
ValueId Builder::convert(Edge& e, uint32_t slot, Rep rep) {
  OnEdge there(*this, e);
  Ref& r = st_.slots[slot];
  if (isNull(r.v))
    return rep == Rep::I64 ? constI64(kUnboundInt)
           : rep == Rep::F64 ? constF64(std::bit_cast<double>(kUnboundFloat)) : constObj(nullptr);
  if (rep == Rep::Obj) return object(r, true);
  if (f[r.v].rep == rep) return r.v;
  Ref q = r;
  switch (rep) {
    case Rep::I64: guardKind(q, Kind::Int, Reason::not_int); return i64(q);
    case Rep::F64: guardKind(q, Kind::Float, Reason::not_float); return f64(q);
    default: guardKind(q, Kind::Bool, Reason::not_kind); return emit(Op::UnboxBool, {q.v});
  }
}

// Every object phi holds a reference of its own, and all slots that keep a value share one.
void Builder::retainShared(Edge& e, const std::vector<ValueId>& phis, const std::vector<Ref>& kept) {
  OnEdge there(*this, e);
  std::vector<ValueId> given;   // roots whose single reference has been given to a holder
  for (size_t i = 0; i < kept.size(); i++)
    if (!phis[i] && kept[i].v && f[kept[i].v].rep == Rep::Obj && kept[i].own == Own::Owned) given.push_back(root(kept[i].v));
  for (size_t i = 0; i < phis.size(); i++) {
    if (!phis[i] || f[phis[i]].rep != Rep::Obj) continue;
    Ref& r = st_.slots[i];
    if (!r.v) continue;
    ValueId k = root(r.v);
    if (r.own == Own::Owned && std::find(given.begin(), given.end(), k) == given.end()) given.push_back(k);
    else retain(r.v);
  }
  // An owned object whose slots all became unboxed phis is let go.
  for (size_t i = 0; i < phis.size(); i++) {
    Ref& r = st_.slots[i];
    if (!phis[i] || f[phis[i]].rep == Rep::Obj || !r.v || f[r.v].rep != Rep::Obj || r.own != Own::Owned) continue;
    ValueId k = root(r.v);
    if (std::find(given.begin(), given.end(), k) != given.end() || immortal(r.v)) continue;
    given.push_back(k);
    dropAt(r, StateId());      // an int or a float: nothing can notice
  }
}

bool Builder::overwritten(uint32_t block, uint32_t slot) const {
  const BytecodeBlock& b = g_.blocks[block];
  for (uint32_t i = b.first; i <= b.last && s_.instrs[i].op == Inst::StoreFast; i++)
    if ((uint32_t)s_.instrs[i].arg == slot) return true;
  return false;
}

bool Builder::leafOrNull(const Edge& e, uint32_t slot) const {
  ValueId v = e.st.slots[slot].v;
  return !v || f[v].rep != Rep::Obj || f[v].type.isLeaf();
}

void Builder::letGo(Edge& e, uint32_t slot) {
  OnEdge there(*this, e);
  Ref r = st_.slots[slot];
  st_.slots[slot] = Ref{};
  if (releases(r)) dropAt(r, StateId());
}

// The representation of a merged slot: unboxed only if it is unboxed (or a number constant) on every side.
Rep Builder::joinForm(const std::vector<Edge>& in, uint32_t slot) const {
  Rep rep = Rep::None;
  bool null = false;
  for (const Edge& e : in) {
    ValueId v = e.st.slots[slot].v;
    if (isNull(v)) { null = true; continue; }
    Rep r = f[v].rep;
    if (r == Rep::Obj) {
      const ObjectInfo* c = constant(v);
      if (c && c->kind == Kind::Int && c->fitsInt) r = Rep::I64;
      else if (c && c->kind == Kind::Float) r = Rep::F64;
      else return Rep::Obj;
    }
    if (rep != Rep::None && rep != r) return Rep::Obj;
    rep = r;
  }
  return rep == Rep::None || (null && rep == Rep::Bool) ? Rep::Obj : rep;
}

// v flows into an unboxed phi on this edge. Is the phi one that may stand for an unbound local? Then an int must not look
// like one by chance.
bool Builder::feedsUnbound(Edge& e, uint32_t slot, ValueId v, bool phiUnbound) {
  if (isNull(e.st.slots[slot].v) || unbound_.count(v.raw)) return true;
  if (!phiUnbound || f[v].rep != Rep::I64 || (f[v].op == Op::ConstI64 && f[v].imm != kUnboundInt)) return false;
  OnEdge there(*this, e);
  guardCmp(Cond::Ne, v, constI64(kUnboundInt), Reason::int_overflow);
  return false;
}

// A value that stays in its slot must be owned alike on all sides: where one side still borrows it, it is retained.
void Builder::agreeOnOwners(std::vector<Edge>& in) {
  for (size_t i = 0; i < in[0].st.slots.size(); i++) {
    bool lazy = false, other = false;
    for (const Edge& e : in) (e.st.slots[i].own == Own::Lazy ? lazy : other) |= e.st.slots[i].v.valid();
    if (!lazy || !other) continue;
    for (Edge& e : in) {
      OnEdge there(*this, e);
      retainLazies();
    }
  }
}

// An unboxed value that one slot needs as an object must be that same object in every other slot that shows it.
void Builder::keepIdentity(const std::vector<Edge>& in, BlockId m, std::vector<ValueId>& phis) {
  for (bool again = true; again;) {
    again = false;
    for (const Edge& e : in) {
      std::vector<ValueId> boxed;
      for (size_t i = 0; i < phis.size(); i++)
        if (ValueId v = e.st.slots[i].v; v && phis[i] && f[phis[i]].rep == Rep::Obj && f[v].rep != Rep::Obj) boxed.push_back(v);
      for (size_t i = 0; i < phis.size() && !boxed.empty(); i++) {
        ValueId v = e.st.slots[i].v;
        if (!v || std::find(boxed.begin(), boxed.end(), v) == boxed.end() || (phis[i] && f[phis[i]].rep == Rep::Obj)) continue;
        if (!phis[i]) {
          phis[i] = f.make(Op::Phi, std::initializer_list<ValueId>{});
          f[phis[i]].block = m;
          f[m].phis.push_back(phis[i]);
        }
        f[phis[i]].rep = Rep::Obj;
        again = true;
      }
    }
  }
}

void Builder::merge(uint32_t b, std::vector<Edge>& in) {
  size_t n = in[0].st.slots.size();
  for (uint32_t i = 0; i < s_.nlocalsplus; i++) {
    if (!overwritten(b, i)) continue;
    bool leaf = true;
    for (const Edge& e : in) leaf &= leafOrNull(e, i);
    if (leaf) for (Edge& e : in) letGo(e, i);
  }
  agreeOnOwners(in);
  std::vector<ValueId> phis(n);
  std::vector<Ref> kept(n);
  BlockId m = f.newBlock();
  for (size_t i = 0; i < n; i++) {
    ValueId v = in[0].st.slots[i].v;
    bool same = true, exact = true, sameOwn = true;
    for (const Edge& e : in) {
      ValueId w = e.st.slots[i].v;
      same &= v ? w && root(w) == root(v) : !w;
      exact &= w == v;
      sameOwn &= e.st.slots[i].own == in[0].st.slots[i].own;
    }
    if (same && sameOwn) {
      kept[i] = in[0].st.slots[i];
      if (!exact) kept[i].v = root(v);
      continue;
    }
    Rep rep = joinForm(in, (uint32_t)i);
    ValueId p = f.make(Op::Phi, std::initializer_list<ValueId>{});
    f[p].rep = rep;
    f[p].block = m;
    f[m].phis.push_back(p);
    phis[i] = p;
  }
  keepIdentity(in, m, phis);
  std::vector<std::vector<ValueId>> args(n);
  for (size_t i = 0; i < n; i++)
    if (phis[i] && f[phis[i]].rep != Rep::Obj)
      for (Edge& e : in)
        if (ValueId v = e.st.slots[i].v; isNull(v) || unbound_.count(v.raw)) unbound_.insert(phis[i].raw);
  for (Edge& e : in) {
    for (size_t i = 0; i < n; i++)
      if (phis[i]) {
        ValueId v = convert(e, (uint32_t)i, f[phis[i]].rep);
        if (f[phis[i]].rep != Rep::Obj) feedsUnbound(e, (uint32_t)i, v, unbound_.count(phis[i].raw));
        args[i].push_back(v);
        if (f[phis[i]].rep == Rep::Obj) f[phis[i]].type = Type(f[phis[i]].type.mask | f[v].type.mask);
      }
    retainShared(e, phis, kept);
    seal(f, e.block, m);
  }
  State st;
  for (size_t i = 0; i < n; i++) {
    if (!phis[i]) { st.slots.push_back(kept[i]); continue; }
    f[phis[i]].first = (uint32_t)f.operands.size();
    f[phis[i]].count = (uint32_t)args[i].size();
    f.operands.insert(f.operands.end(), args[i].begin(), args[i].end());
    st.slots.push_back(Ref{phis[i], f[phis[i]].rep == Rep::Obj ? Own::Owned : Own::Constant});
  }
  for (auto& u : in[0].st.unboxed) {
    bool everywhere = true;
    for (const Edge& e : in) everywhere &= std::find(e.st.unboxed.begin(), e.st.unboxed.end(), u) != e.st.unboxed.end();
    if (everywhere) st.unboxed.push_back(u);
  }
  for (auto& u : in[0].st.versions) {
    bool everywhere = true;
    for (const Edge& e : in) everywhere &= std::find(e.st.versions.begin(), e.st.versions.end(), u) != e.st.versions.end();
    if (everywhere) st.versions.push_back(u);
  }
  cur_ = m;
  st_ = std::move(st);
}

// ---------------------------------------------------------------- loops

// Guards and conversions that earlier rounds want before the loop.
void Builder::applyPlan(Edge& e, LoopPlan& plan) {
  OnEdge there(*this, e);
  for (size_t i = 0; i < st_.slots.size(); i++) {
    SlotPlan& p = plan.slots[i];
    Ref& r = st_.slots[i];
    if (!r.v) continue;
    if (p.prebox && f[r.v].rep != Rep::Obj) object(r);
    if (plan.noHoist || f[r.v].rep != Rep::Obj || f[r.v].type.mayBeNull()) continue;
    Reason why = p.kind == Kind::Int ? Reason::not_int : p.kind == Kind::Float ? Reason::not_float : Reason::not_kind;
    if (p.kind != Kind::Count && type(r.v).may(p.kind) && !type(r.v).is(p.kind) && mayGuess(why)) {
      Ref q = r;
      guardKind(q, p.kind, why);
    }
    if (p.phi) continue;
    if (p.want == Rep::I64 && canI64(r)) { Ref q = r; i64(q); }
    if (p.want == Rep::F64 && type(r.v).is(Kind::Float)) { Ref q = r; f64(q); }
  }
}

void Builder::startLoop(uint32_t b, std::vector<Edge>& in) {
  if (in.size() > 1) {                    // one way in
    merge(b, in);
    in.clear();
    in.push_back(Edge{cur_, std::move(st_)});
    st_ = State();
  }
  Edge& e = in[0];
  {
    OnEdge there(*this, e);
    retainLazies();
  }
  LoopPlan& p = plan(b);
  size_t n = e.st.slots.size();
  if (p.slots.empty()) {
    p.slots.resize(n);
    const BytecodeLoop& loop = g_.loops[g_.blocks[b].loop];
    for (size_t i = 0; i < s_.nlocalsplus; i++) p.slots[i].phi = loop.assigned[i];
  }
  for (uint32_t i = 0; i < s_.nlocalsplus; i++)
    if (overwritten(b, i) && !p.slots[i].keepDead) {
      if (leafOrNull(e, i)) letGo(e, i);
      else { p.slots[i].keepDead = true; }
    }
  applyPlan(e, p);
  OpenLoop& open = open_[b];
  open.block = f.newBlock();
  open.phis.assign(n, ValueId());
  f[open.block].loopHeader = true;
  std::vector<Ref> kept(n);
  std::vector<ValueId> first(n);
  for (size_t i = 0; i < n; i++) {
    SlotPlan& sp = p.slots[i];
    Ref& r = e.st.slots[i];
    if (!sp.phi || (i < s_.nlocalsplus && overwritten(b, (uint32_t)i) && !sp.keepDead)) continue;
    Rep rep = Rep::Obj;
    if (!sp.boxed && r.v) {
      rep = f[r.v].rep;
      if (rep == Rep::Obj) {
        const ObjectInfo* c = constant(r.v);
        if (c && c->kind == Kind::Int && c->fitsInt) rep = Rep::I64;
        else if (c && c->kind == Kind::Float) rep = Rep::F64;
        else if (sp.want == Rep::I64 && canI64(r)) rep = Rep::I64;
        else if (sp.want == Rep::F64 && type(r.v).is(Kind::Float)) rep = Rep::F64;
      }
    }
    if (!sp.boxed && isNull(r.v) && sp.unboundForm != Rep::None) rep = sp.unboundForm;
    ValueId phi = f.make(Op::Phi, std::initializer_list<ValueId>{});
    f[phi].rep = rep;
    f[phi].block = open.block;
    if (rep != Rep::Obj && (isNull(r.v) || unbound_.count(r.v.raw))) unbound_.insert(phi.raw);
    first[i] = convert(e, (uint32_t)i, rep);
    if (rep == Rep::Obj) f[phi].type = Type(f[first[i]].type.mask | sp.types);
    f[open.block].phis.push_back(phi);
    open.phis[i] = phi;
  }
  // One slot's conversion boxes the value in every slot that shows it.
  for (size_t i = 0; i < n; i++)
    if (!open.phis[i]) kept[i] = e.st.slots[i];
  retainShared(e, open.phis, kept);
  State st;
  st.unboxed = e.st.unboxed;
  for (size_t i = 0; i < n; i++) {
    if (!open.phis[i]) { st.slots.push_back(e.st.slots[i]); continue; }
    ValueId phi = open.phis[i];
    f[phi].first = (uint32_t)f.operands.size();
    f[phi].count = 1;
    f.operands.push_back(first[i]);
    st.slots.push_back(Ref{phi, f[phi].rep == Rep::Obj ? Own::Owned : Own::Constant});
  }
  seal(f, e.block, open.block);
  cur_ = open.block;
  st_ = st;
  open.entry = std::move(st);
  open.started = true;
}

// A back-edge. Where the header's form does not suit, the plan is widened for the next round.
void Builder::closeLoop(uint32_t b, Edge& e) {
  OpenLoop& open = open_[b];
  LoopPlan& p = plan(b);
  const Instr* saved = in_;
  std::vector<std::pair<Reason, StateId>> savedExits;
  savedExits.swap(exits_);
  in_ = &s_.instrs[g_.blocks[b].first];
  std::vector<Ref> kept(open.phis.size());
  for (size_t i = 0; i < open.phis.size(); i++) {   // as keepIdentity
    ValueId v = e.st.slots[i].v;
    if (!v || f[v].rep == Rep::Obj || !open.phis[i] || f[open.phis[i]].rep != Rep::Obj || p.slots[i].unboundForm != Rep::None) continue;
    if (f[open.phis[i]].type.is(Kind::Null)) continue;   // not yet decided
    for (size_t k = 0; k < open.phis.size(); k++)
      if (open.phis[k] && f[open.phis[k]].rep != Rep::Obj && e.st.slots[k].v == v && !p.slots[k].boxed) {
        p.slots[k].boxed = true;
        changed();
      }
  }
  const bool early = restart_;   // forms may still improve in the next round: do not settle for less yet
  for (size_t i = 0; i < open.phis.size(); i++) {
    SlotPlan& sp = p.slots[i];
    Ref& r = e.st.slots[i];
    ValueId phi = open.phis[i];
    if (i < s_.nlocalsplus && overwritten(b, (uint32_t)i) && !sp.keepDead) {
      if (leafOrNull(e, (uint32_t)i)) { letGo(e, (uint32_t)i); continue; }
      sp.keepDead = sp.phi = true;
      changed();
      continue;
    }
    if (!phi) {
      ValueId h = open.entry.slots[i].v;
      kept[i] = open.entry.slots[i];
      bool same = h ? r.v && root(r.v) == root(h) : !r.v;
      if (!same && h && r.v && f[h].rep != Rep::Obj && f[r.v].rep == Rep::Obj) { sp.prebox = true; changed(); continue; }
      if (!same || (r.v && r.own != open.entry.slots[i].own)) { sp.phi = true; changed(); }
      continue;
    }
    Rep rep = f[phi].rep;
    if (rep == Rep::Obj && !sp.boxed && f[phi].type.is(Kind::Null) && r.v &&
        (f[r.v].rep == Rep::I64 || f[r.v].rep == Rep::F64)) {
      sp.unboundForm = f[r.v].rep;   // unbound before the loop: carry it unboxed all the same
      changed();
    }
    if (rep != Rep::Obj && (!r.v || (f[r.v].rep != rep && !(rep == Rep::I64 ? canI64(r) && constant(r.v)
                                                            : rep == Rep::F64 ? canF64(r) && constant(r.v) : false)))) {
      // An object that reaches an unboxed phi was boxed because it escaped, or is of another type.
      if (!early) sp.boxed = true;
      changed();
    }
    ValueId v = restart_ ? (r.v ? r.v : constObj(nullptr)) : convert(e, (uint32_t)i, rep);
    if (!restart_ && rep != Rep::Obj) {
      bool unbound = feedsUnbound(e, (uint32_t)i, v, unbound_.count(phi.raw));
      if (unbound && !unbound_.count(phi.raw)) { sp.boxed = true; changed(); }
    }
    if (rep == Rep::Obj && v) {
      uint32_t t = f[v].rep == Rep::Obj ? f[v].type.mask : type(v).mask;
      if (t & ~f[phi].type.mask) { if (!early) sp.types |= t; changed(); }
    }
    // operands of a phi are contiguous: move them to the end when another one is added
    uint32_t first = (uint32_t)f.operands.size();
    for (uint32_t k = 0; k < f[phi].count; k++) f.operands.push_back(f.arg(phi, k));
    f.operands.push_back(v);
    f[phi].first = first;
    f[phi].count++;
  }
  if (!restart_) retainShared(e, open.phis, kept);
  seal(f, e.block, open.block);
  in_ = saved;
  exits_.swap(savedExits);
}

// v gets boxed here: if it is an unboxed phi of an enclosing loop, or was unboxed before one, the loop had better carry
// the object.
void Builder::noteEscape(ValueId v) {
  if (f[v].rep == Rep::Bool || f[v].op == Op::ConstI64 || f[v].op == Op::ConstF64) return;
  for (int32_t l = g_.blocks[bb_].loop; l >= 0; l = g_.loops[l].parent) {
    uint32_t h = g_.loops[l].header;
    OpenLoop& o = open_[h];
    if (!o.started) continue;
    LoopPlan& p = plan(h);
    for (size_t i = 0; i < o.phis.size(); i++) {
      if (o.phis[i] == v && !p.slots[i].boxed) { p.slots[i].boxed = true; changed(); }
      if (!o.phis[i] && o.entry.slots[i].v == v && !p.slots[i].prebox) { p.slots[i].prebox = true; changed(); }
    }
  }
}

// v gets guarded or unboxed here. If a loop around shows it at its header, next time do it before the loop.
void Builder::noteWant(ValueId v, Rep rep, Kind kind) {
  ValueId k = root(v);
  for (int32_t l = g_.blocks[bb_].loop; l >= 0; l = g_.loops[l].parent) {
    uint32_t h = g_.loops[l].header;
    OpenLoop& o = open_[h];
    if (!o.started) continue;
    LoopPlan& p = plan(h);
    if (p.noHoist) continue;
    for (size_t i = 0; i < o.entry.slots.size(); i++) {
      ValueId e = o.entry.slots[i].v;
      if (!e || root(e) != k) continue;
      SlotPlan& sp = p.slots[i];
      if (kind != Kind::Count && sp.kind == Kind::Count) { sp.kind = kind; changed(); }
      if (rep != Rep::None && sp.want == Rep::None) { sp.want = rep; changed(); }
    }
  }
}

}  // namespace od
