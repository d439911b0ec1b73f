// The emitter's insides: one object writes one unit. Split over emit.cpp (driver, blocks, entry), exits.cpp (frame states,
// side exits), transfer.cpp (copies between places), emit_int.cpp, emit_float.cpp, emit_test.cpp (comparisons, branches,
// guards), emit_object.cpp (memory, references, boxing), emit_call.cpp and stubs.cpp (cold call-outs).
#pragma once
#include "emit/assembly.h"
#include "emit/emit.h"
#include "emit/moves.h"
#include "emit/regalloc.h"
#include "support/poly_site.h"

namespace od {

class Emitter {
 public:
  Emitter(const Function& f, const EmitContext& ctx, const Analysis& a, const Allocation& ra);
  Assembled run();

 private:
  using Gp = asmjit::x86::Gp;
  using Xmm = asmjit::x86::Xmm;
  using Mem = asmjit::x86::Mem;
  using Label = asmjit::Label;
  using Cc = asmjit::x86::CondCode;

  // --- emit.cpp
  void findPublished();
  void entry();
  void functionChecks();
  void block(uint32_t b, uint32_t next);
  void op(ValueId v);
  bool opInt(ValueId v);
  bool opFloat(ValueId v);
  bool opTest(ValueId v);
  bool opObject(ValueId v);
  bool opFrame(ValueId v);
  void terminator(uint32_t b, ValueId v, uint32_t next);
  void threadJumps();
  Label target(uint32_t b);
  void publish();
  void unlink(ValueId v);
  void loadResult(ValueId v);
  void leaveFunction(ValueId v);
  void leaveGenerator(ValueId v);
  void notePc(ValueId v);
  void fail(const std::string& why) { if (error_.empty()) error_ = why; }

  // --- exits.cpp
  // The id under which a state's map was written for a register file (null: everything in slots).
  // raise: the same frame, with an exception set.
  StateId mapState(StateId s, const RegFile* file, ValueId result = ValueId(), uint8_t resultReg = kNoReg);
  DecodedState describe(StateId s, StateId parent);
  ValueLocation locate(ValueId v) const;
  Label exitFor(StateId mapped);
  Label exitOf(ValueId v) { return exitFor(mapState(f.values[v.raw].state, fileBefore(v))); }
  const RegFile* fileBefore(ValueId v) const { return &ra.snapshots[ra.plan[v.raw].before]; }
  const RegFile* fileAfter(ValueId v) const { return &ra.snapshots[ra.plan[v.raw].after]; }
  void countGuard(ValueId v);
  void exits();

  // --- transfer.cpp
  static Gp gp(uint8_t r) { return asmjit::x86::gpq(r); }
  static Xmm xmm(uint8_t r) { return asmjit::x86::xmm(r - kXmm); }
  Mem slotMem(uint32_t slot) const { return asmjit::x86::qword_ptr(asmjit::x86::r13, int32_t(8 * slot)); }
  void materialise(uint8_t reg, ValueId constant);
  void loadValue(uint8_t reg, ValueId v);   // from its slot, or a constant
  void copyReg(uint8_t to, uint8_t from);
  void copyPlace(const PlaceMove& m);
  void transfer(const std::vector<PlaceMove>& moves);
  Place placeIn(const RegFile& file, ValueId v) const;
  void plannedMoves(ValueId v);
  std::vector<PlaceMove> edgeMoves(uint32_t from, uint32_t to) const;
  void storeSlot(ValueId v, uint8_t reg);

  // --- operands
  uint8_t operandReg(ValueId v, uint32_t k) const { return ra.plan[v.raw].operand[k]; }
  const Value& operandValue(ValueId v, uint32_t k) const { return f[a.arg(v, k)]; }
  bool inReg(ValueId v, uint32_t k) const { return ra.plan[v.raw].operand[k] != kNoReg; }
  Gp operandGp(ValueId v, uint32_t k) const { return gp(operandReg(v, k)); }
  Gp result(ValueId v) const { return gp(ra.plan[v.raw].result); }
  Xmm resultXmm(ValueId v) const { return xmm(ra.plan[v.raw].result); }
  Type operandType(ValueId v, uint32_t k) const { return f[f.arg(v, k)].type; }

  // --- emit_int.cpp
  struct IntOperand {
    uint8_t reg = kNoReg;
    int64_t imm = 0;
    bool isReg() const { return reg != kNoReg; }
  };
  IntOperand intOperand(ValueId v, uint32_t k) const;
  void moveInto(Gp dst, const IntOperand& x);
  void applyBinary(Op op, Gp dst, const IntOperand& b);
  void binaryInt(ValueId v);
  void multiply(ValueId v);
  void negate(ValueId v);
  void shiftLeft(ValueId v);
  void shiftRight(ValueId v);
  void divide(ValueId v);
  bool divideByPower(ValueId v, int64_t divisor);

  // --- emit_float.cpp
  struct FloatOperand {
    uint8_t reg = kNoReg;
    int64_t bits = 0;
    bool isReg() const { return reg != kNoReg; }
  };
  FloatOperand floatOperand(ValueId v, uint32_t k) const;
  void binaryFloat(ValueId v);
  void flipSign(ValueId v, bool clear);
  void checkDivisor(ValueId v);

  // --- emit_test.cpp
  enum class Test : uint8_t { Simple, FloatEq };   // FloatEq: equal and ordered
  struct Flags {
    Test kind = Test::Simple;
    Cc cc = Cc::kE;
    bool inverted = false;
  };
  Flags compareInt(ValueId v, Cond c);
  Flags compareMemory(ValueId v, Cond c);
  Flags testBits(ValueId v, Cond c);
  Flags compareFloat(ValueId v, Cond c);
  Flags testOp(ValueId v, ValueId test);   // compares v's operands as `test` says
  // Of a Branch or GuardTrue/GuardFalse. Tests of several steps jump to `otherwise` as soon as one fails.
  Flags condition(ValueId v, Label otherwise);
  Flags testUnique(ValueId v, ValueId test, Label otherwise);
  void jumpIf(const Flags& flags, bool sense, Label target);
  void setBool(ValueId v, const Flags& flags);
  void compareAddress(Gp reg, const void* address);
  void guard(ValueId v);
  void guardBool(ValueId v);

  // --- emit_object.cpp
  Mem address(ValueId v) { return address(v, f[v].imm); }
  Mem address(ValueId v, int64_t offset);   // base: v's first operand
  Mem addressIndexed(ValueId v, uint32_t shift);
  void loadMemory(ValueId v);
  void storeMemory(ValueId v);
  void storeValue(ValueId v, uint32_t k, Mem mem);
  void retain(ValueId v);
  void release(ValueId v);
  void boxInt(ValueId v);
  void boxFloat(ValueId v);
  void isUnique(ValueId v);
  void polyLookup(ValueId v);
  void loadField(ValueId v);
  void boxBool(ValueId v);
  void unboxInt(ValueId v);
  Mem freeFloatCount();

  // --- emit_call.cpp
  struct Destination {
    Place to;
    ValueId v;
  };
  void call(ValueId v);
  void callUnit(ValueId v);
  void passArguments(ValueId v);
  void storeArray(ValueId v, uint32_t from);
  uint64_t instructionOf(StateId s) const;
  void showState(StateId mapped, StateId s);
  bool checkedInRoutine(ValueId v) const;
  void checkFailure(ValueId v, bool observable);
  void checkWorldAfter(ValueId v);

  // --- stubs.cpp: cold call-outs
  struct Stub {
    ValueId v;
    Label entry, back;
  };
  struct Undo {
    ValueId v;
    Label entry, target;
    IntOperand b;
  };
  Stub& newStub(ValueId v);
  void stubs();
  void saveLive(ValueId v, bool everything);
  void restoreLive(const RegFile& file);
  void stubRelease(const Stub& s);
  void pushDead(const Stub& s, int32_t link);
  void stubFreeFloat(const Stub& s);
  void stubFreeInt(const Stub& s);
  void stubFreeUnknown(const Stub& s);
  void stubUnlink(const Stub& s);
  void stubPoly(const Stub& s);
  void stubBox(const Stub& s);
  void stubUnbox(const Stub& s);
  void stubWorld(const Stub& s);
  void stubAfterCall(const Stub& s);
  void askWorld(StateId shown);
  uint32_t shownWord(StateId shown);
  void undos();

  const Function& f;
  const EmitContext& ctx;
  const Layout& L;
  const Analysis& a;
  const Allocation& ra;
  Assembly code_;
  asmjit::x86::Assembler& as;
  std::string error_;
  Assembled out_;

  std::vector<StateId> another_;            // by map id: a further map of the same state
  std::vector<Label> exitLabel_;            // by map id
  std::vector<uint32_t> exitOrder_;
  uint32_t nextMap_ = 0;
  std::vector<uint8_t> regNow_;             // by value, while a state is described
  bool slotsOnly_ = false;

  std::vector<Label> blockLabel_;
  std::vector<uint32_t> thread_;            // by block: where a jump to it ends up
  std::vector<uint8_t> publishedIn_;        // by block
  bool published_ = false;
  std::vector<Stub> stubs_;
  std::vector<bool> stubPublished_;
  std::vector<Undo> undos_;
  uint32_t arrayWords_ = 0;
};

}  // namespace od
