// Snapshot -> SSA, by abstract interpretation of the bytecode.
//
// The builder walks blocks in reverse postorder with a State: which value each local and stack slot shows, and who owns
// it. Speculation, unboxing and most guard elimination happen here, on the fly, because here the interpreter's slots are
// still visible. What can only be known after a loop's body was seen (which slots change, in which representation, which
// guards could stand before the loop, which values get boxed inside) is noted in a LoopPlan, and the build starts again;
// plans only grow, so this ends after a few rounds.
//
// Ownership of a slot's value:
//   Owned     the compiled frame holds exactly one reference, however many slots show the value
//   Constant  kept alive by something else for as long as the frame runs
//   Lazy      borrowed from a container or namespace; retained (and then Owned) before anything that could let it go:
//             call-outs, stores, releases of non-leaf objects, ends of blocks
// An unboxed value has no references. When it must become an object it is boxed once, in place, in every slot that shows
// it, so that `is` and identity-based containers see one object.
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>
#include "build/graph.h"
#include "bytecode/code.h"
#include "cpython/layout.h"
#include "ir/ir.h"
#include "support/helper_rows.h"
#include "support/reasons.h"

namespace od {

enum class Own : uint8_t { Owned, Constant, Lazy };

// A value taken from a slot, with what is known of its reference.
struct Ref {
  ValueId v;      // none: null
  Own own = Own::Constant;
};

struct State {
  std::vector<Ref> slots;                                 // localsplus, then the value stack
  std::vector<std::pair<ValueId, ValueId>> unboxed;       // object (root) -> its unboxed value
  std::vector<std::pair<ValueId, uint32_t>> versions;     // object (root) -> type version, until the next call-out
};

// What earlier rounds have found out about a loop, by slot at its header.
struct SlotPlan {
  bool phi = false;           // the slot's value changes in the loop
  bool boxed = false;         // must be an object (escapes inside the loop, or its forms disagree)
  Rep want = Rep::None;       // the loop unboxes it: unbox before entering
  Kind kind = Kind::Count;    // the loop guards this kind: guard it before entering
  bool prebox = false;        // unboxed outside, needed as an object inside
  Rep unboundForm = Rep::None;  // unbound before the loop, unboxed in it
  bool keepDead = false;      // overwritten at once, but what it holds may notice when it goes
  uint32_t types = 0;         // of an object phi: what flows in along back-edges
};
struct LoopPlan {
  std::vector<SlotPlan> slots;
  bool noHoist = false;
};

class Builder {
 public:
  Builder(const Snapshot& s, const Layout& layout);
  // Builds the function; false: declined, see `declined`.
  bool run();
  Function f;
  Reason declined = Reason::none;
  std::vector<CodeCell*> cells;            // called directly

 private:
  // ---- flow.cpp: blocks, merges, loops
  struct Edge { BlockId block; State st; };
  struct OpenLoop {
    bool started = false;
    BlockId block;
    State entry;                           // the state at the header, phis included
    std::vector<ValueId> phis;             // by slot; none: kept
  };
  // While it lives, code is emitted into an edge's block, with the edge's state.
  class OnEdge {
   public:
    OnEdge(Builder& b, Edge& e) : b_(b), e_(e) { swap(); }
    ~OnEdge() { swap(); }
    OnEdge(const OnEdge&) = delete;
    OnEdge& operator=(const OnEdge&) = delete;

   private:
    void swap() {
      std::swap(b_.cur_, e_.block);
      std::swap(b_.st_, e_.st);
      b_.exits_.clear();   // they show the other state
    }
    Builder& b_;
    Edge& e_;
  };
  bool round();
  bool yieldsInside() const;
  bool resumesPlainly() const;
  void entryBlock();
  bool enter(uint32_t b);
  void merge(uint32_t b, std::vector<Edge>& in);
  void agreeOnOwners(std::vector<Edge>& in);
  void keepIdentity(const std::vector<Edge>& in, BlockId m, std::vector<ValueId>& phis);
  void startLoop(uint32_t b, std::vector<Edge>& in);
  void closeLoop(uint32_t b, Edge& e);
  void applyPlan(Edge& e, LoopPlan& plan);
  void flow(uint32_t target, BlockId block, State st);    // an open block flows to a bytecode block
  ValueId convert(Edge& e, uint32_t slot, Rep rep);       // the slot's value in a representation, owned if an object
  void retainShared(Edge& e, const std::vector<ValueId>& phis, const std::vector<Ref>& kept);
  bool overwritten(uint32_t block, uint32_t slot) const;  // by the block's leading stores, before anything can look
  void letGo(Edge& e, uint32_t slot);                     // such a slot's value, of a leaf type
  bool leafOrNull(const Edge& e, uint32_t slot) const;
  bool feedsUnbound(Edge& e, uint32_t slot, ValueId v, bool phiUnbound);
  Rep joinForm(const std::vector<Edge>& in, uint32_t slot) const;
  LoopPlan& plan(uint32_t block);
  void noteEscape(ValueId v);
  void noteWant(ValueId v, Rep rep, Kind kind);
  void changed() { restart_ = true; }

  // ---- values.cpp: slots, references, states, guards, conversions
  ValueId emit(Op op, std::initializer_list<ValueId> args, int64_t imm = 0, uint32_t aux = 0);
  ValueId emitIn(BlockId b, ValueId v);
  ValueId literal(Op op, int64_t bits, Type t = Type());
  ValueId constObj(const void* p);
  ValueId constI64(int64_t v);
  ValueId constF64(double v);
  ValueId constBool(bool v);
  ValueId root(ValueId v) const;
  bool isNull(ValueId v) const;
  Type type(ValueId v) const;                              // of the Python object, whatever its representation
  bool known(ValueId v, Kind k) const { return type(v).is(k); }
  const ObjectInfo* constant(ValueId v) const;             // facts of a ConstObj, else null
  const void* constPtr(ValueId v) const;
  uint32_t depth() const { return (uint32_t)st_.slots.size() - s_.nlocalsplus; }
  Ref& top(uint32_t i = 0) { return st_.slots[st_.slots.size() - 1 - i]; }
  Ref pop();
  void push(ValueId v, Own own);
  void pushRef(Ref r) { st_.slots.push_back(r); }
  bool inSlots(ValueId v) const;
  void replace(ValueId from, ValueId to);                  // in every slot and fact
  void drop(Ref r);                                        // the interpreter's DECREF of a popped value
  void drops(std::initializer_list<Ref> refs);             // several, in order
  bool releases(const Ref& r) const;                       // would dropping it give up a reference?
  void dropAt(Ref r, StateId state);
  StateId halfState();
  ValueId take(Ref r);                                     // an owned object, to be given away
  ValueId object(Ref& r, bool unbound = false);            // as an object; boxes in place; unbound: may be null then
  ValueId boxed(ValueId v);                                // emits the boxing operation
  void retain(ValueId v);
  void retainLazies();
  void observable();                                       // before a call-out that may run anything
  bool immortal(ValueId v) const;
  FrameState frameState(uint32_t at, uint32_t resume, ExitKind kind, Reason why) const;
  StateId exitState(Reason why);                           // re-execute this instruction
  StateId raiseState();                                    // an exception is set in this instruction
  StateId afterState();                                    // go on behind this instruction
  bool mayGuess(Reason why) const { return !s_.generic && !s_.failedGuess(in_->at, (uint16_t)why) && !tooVaried(why); }
  bool tooVaried(Reason why) const;                        // that guess failed in several places of this code
  void guardKind(Ref& r, Kind k, Reason why);
  bool guessKind(Ref& r, Kind k, Reason why);              // known or guarded; false if the guess failed before
  ValueId guardVersion(Ref& r, uint32_t version);
  void guardClassVersion(ValueId cls, uint32_t version, Reason why);   // cls is a class, of that version
  void guardCmp(Cond c, ValueId a, ValueId b, Reason why);
  void guardTrue(ValueId cond, Reason why);
  ValueId guardNotNull(ValueId v, Reason why);
  bool canI64(const Ref& r) const;                         // already an int without a guard
  bool canF64(const Ref& r) const;
  ValueId i64(Ref& r);                                     // r is known to be an exact int
  ValueId f64(Ref& r);                                     // r is known to be an exact float (or int: converted)
  void setUnboxed(ValueId obj, ValueId raw);
  ValueId unboxedOf(ValueId obj) const;
  ValueId load(Op op, ValueId base, int64_t offset, Type t = Type::object());
  ValueId aux(uint32_t n);                                 // the address of n scratch words, for a helper's further results
  void patchSlots(ValueId from, Ref to);

  // calls to helpers
  ValueId helper(Helper h, std::vector<ValueId> args, Type result, int64_t arrayFrom = -1);
  void finish(ValueId call);                               // result is on the stack: state behind an observable call
  bool pushResult(ValueId call);                           // an owned one; true
  void leaveIfChanged();

  // ---- instructions by family; each handles in_ and returns false if it must be left to the interpreter
  bool instruction();
  bool locals();        // misc.cpp
  void boundLocal(uint32_t n);
  bool stackOps();
  bool namespaces();
  bool cells_();
  bool exceptions();
  bool functions();
  bool strings();
  bool binaryOp();      // arith.cpp
  bool pushTested(ValueId call);
  bool compareItems(uint32_t kind, bool asBool);
  bool compareOp();
  bool unary();
  bool toBool();
  ValueId nonZero(ValueId number);
  ValueId truth(Ref r, bool& ok);
  Kind operandKind(Ref& a, Ref& b, bool compare);
  ValueId intOp(uint32_t nb, Ref& a, Ref& b);
  bool bigIntOp(uint32_t nb);
  ValueId floatOp(uint32_t nb, Ref& a, Ref& b);
  ValueId floatPower(ValueId x, ValueId y);
  bool strAdd();
  ValueId compareNumbers(uint32_t kind, Ref& a, Ref& b, Kind k);
  void replaceTwo(ValueId result, Own own);
  bool loadAttr();      // attrs.cpp
  bool storeAttr();
  bool loadGlobal();
  bool superAttr();
  void storeOver(ValueId old, Ref r, Ref container, Ref key, const std::function<void(ValueId)>& store);
  void fork(ValueId cond, BlockId& yes, BlockId& no);
  void joinAt(BlockId to);
  void inlineValues(Ref& owner);
  void keysGuard(Ref& owner, uint32_t version);
  void attr(ValueId v, Own own, bool methodForm);
  void method(const void* descr);
  bool genericAttr();
  bool polyAttr();
  bool polyMethod();
  bool polyCall(uint32_t nargs);
  ValueId eitherResult(BlockId on, BlockId a, ValueId x, BlockId b, ValueId y);
  ValueId namespaceValue(ValueId dict, uint32_t version, uint32_t offset);
  bool subscr();        // containers.cpp
  bool storeSubscr();
  bool containers();
  bool unpack();
  bool element(Kind k, Ref& seq, Ref& sub, ValueId& items, ValueId& index);
  bool array(Helper h, uint32_t n, Type result);
  bool call();          // calls.cpp
  const void* expectedCallee(Ref& callable);
  bool callFunction(const ObjectInfo& info, uint32_t n, const std::vector<const void*>& names);
  bool callKeywords();
  bool mayBeKnown(const Ref& callable, const Ref& self) const;
  const ObjectInfo* preparedCallee(Ref& callable, Ref& self, const void** object);
  void expandMethod(Ref& callable, Ref& self);
  bool guardCallee(Ref& callable, const void* object, const ObjectInfo& info);
  bool callC(const ObjectInfo& fn, const void* object, uint32_t nargs);
  bool isInstance(Ref& r, const void* type);
  bool callBuiltin(const ObjectInfo& fn, const void* object, uint32_t nargs);
  bool callClass(const ObjectInfo& cls, uint32_t nargs);
  ValueId emitCallUnit(const FunctionInfo& fn, ValueId func, const std::vector<ValueId>& args);
  ValueId callUnit(const FunctionInfo& fn, Ref func, std::vector<ValueId> args);
  std::optional<std::vector<uint32_t>> parametersOf(const FunctionInfo& fn, uint32_t total, const std::vector<const void*>& names) const;
  void defaults(const FunctionInfo& fn, ValueId func, std::vector<ValueId>& args);
  bool genericCall();
  bool forIter();       // loops.cpp
  bool getIter();
  void conditional();
  uint32_t startOf(uint32_t block) const;
  void returnValue();
  bool yieldValue();
  bool delegation();
  void storeSlots();
  void exitHere(Reason why, bool counted);

  const Snapshot& s_;
  const Layout& L_;
  Graph g_;
  std::map<uint32_t, LoopPlan> plans_;     // by header block
  bool restart_ = false;

  // of the current round
  std::vector<std::vector<Edge>> in_edges_;
  std::vector<OpenLoop> open_;
  std::map<std::pair<Op, int64_t>, ValueId> literals_;
  State st_;
  BlockId cur_;
  uint32_t bb_ = 0;                        // current bytecode block
  const Instr* in_ = nullptr;
  uint32_t index_ = 0;                     // of in_
  const Instr* following() const { return index_ < g_.blocks[bb_].last ? &s_.instrs[index_ + 1] : nullptr; }   // in the block
  uint32_t items_ = 0;                     // on top of the stack, for the comparison that follows: a tuple to the interpreter
  bool ended_ = false;                     // the current block has its terminator
  std::vector<std::pair<Reason, StateId>> exits_;   // of this instruction
  std::unordered_set<uint32_t> unbound_;   // unboxed values that may stand for an unbound local
  int64_t resumeAt_ = -1;                  // afterState: where to go on, if not at the next instruction
  std::unordered_map<uint32_t, const void*> hints_;   // value (root) -> the object it was when the snapshot was taken
  std::unordered_set<uint32_t> found_;     // methods (roots) found for any class
  std::vector<std::pair<ValueId, Ref>> boxed_;   // unboxed values, and the objects that this instruction has made of them
  std::vector<ValueId> taken_;             // roots whose only reference this instruction has given away
  std::vector<ValueId> pending_;           // owned, popped, not yet released: part of every state made meanwhile
};

}  // namespace od
