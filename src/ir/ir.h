// The compiler's intermediate representation: typed SSA over Python's objects and their unboxed forms.
//
// A Function is a control-flow graph of Blocks; a Block is a list of Values ending in a terminator. Operations that may
// leave compiled code (guards, call-outs) do not end a block: they carry frame states, and leaving is a side exit. This
// keeps blocks long and allocation linear.
//
// References. A value of representation Obj is either *owned* (the compiled frame holds exactly one reference for it,
// however many local or stack slots show it) or *borrowed* (constants; loads whose container keeps them alive).
// Operations say which; a frame state says for each slot. Retain and Release are explicit.
#pragma once
#include <cstdint>
#include <string>
#include <vector>
#include "base/ids.h"
#include "ir/types.h"

namespace od {

enum class Op : uint8_t {
#define OP(name, n, result, effects, doc) name,
#include "ir/ops.def"
#undef OP
  Count
};

enum Effect : uint16_t {
  EffPure = 1, EffReads = 2, EffWrites = 4, EffGuard = 8, EffCall = 16, EffObservable = 32, EffCold = 64, EffTerminator = 128,
};

// Comparison conditions. U: unsigned (CmpI, GuardCmp only).
enum class Cond : uint8_t { Lt, Le, Eq, Ne, Gt, Ge, ULt, ULe, UGt, UGe };
Cond negate(Cond c);    // for integers only: with NaN, !(a < b) is not (a >= b)
const char* condName(Cond c);

struct OpInfo {
  const char* name;
  int operands;       // -1: variable
  Rep result;         // Rep::None, or the representation; see anyResult
  bool anyResult;     // the representation is the value's own (Phi, Call)
  uint16_t effects;
  const char* doc;
};
const OpInfo& info(Op op);

// What an exit does in the interpreter.
enum class ExitKind : uint8_t {
  Resume,  // go on interpreting at `resume`
  Raise,   // an exception is set: drop the top `drop` stack entries bottom-up, add the traceback entry at `at`, unwind
  Return,  // hand the stack top to the caller after clearing the frame the slow way
};

// One slot of a frame state. An absent value is null (an unbound local, the self_or_null of a plain call).
struct StateSlot {
  ValueId value;
  bool owned = false;  // Obj: the frame holds one reference for the value (the same for all slots that show it).
                       // I64, F64: the value may be kUnboundInt, kUnboundFloat, which stands for null
};

// The interpreter's frame as compiled code would have to leave it. Offsets count code units (2 bytes) from the first
// instruction, as in co_code_adaptive.
struct FrameState {
  // In `drop` of a Resume: the second half of the superinstruction at `at`, which the exit has to execute: the local that it
  // loads, or (kStores) stores.
  static constexpr uint16_t kHalf = 0x8000, kStores = 0x4000;

  StateId parent;           // the caller's state, for frames inlined into this unit; none for the unit's own frame
  uint32_t code = 0;        // index into Function::codes
  uint32_t at = 0;          // instruction being executed: what frame->instr_ptr shows (line numbers, tracebacks)
  uint32_t resume = 0;      // where interpretation continues
  ExitKind kind = ExitKind::Resume;
  uint16_t drop = 0;
  uint16_t reason = 0;      // ExitReason row (support/reasons.def), for `explain` and for recompilation
  std::vector<StateSlot> slots;    // localsplus, then the value stack, bottom first
  std::vector<ValueId> pending;    // owned, in no slot any more: released in this order when the exit is taken
};

struct Value {
  Op op = Op::Unreachable;
  Rep rep = Rep::None;
  Type type;               // of Obj values; I64/F64/Bool values stand for int/float/bool
  BlockId block;
  uint32_t first = 0, count = 0;  // operands in Function::operands
  int64_t imm = 0;
  uint32_t aux = 0;
  StateId state, after;
  uint32_t pc = 0;         // bytecode offset it came from, for the pc table and dumps
};

struct Block {
  std::vector<ValueId> phis;
  std::vector<ValueId> values;  // without phis; the last one is the terminator
  std::vector<BlockId> preds;
  BlockId succ[2];
  uint32_t loopDepth = 0;
  bool loopHeader = false;
  bool cold = false;        // rarely reached: laid out last
  uint32_t pc = 0;
};

enum class UnitKind : uint8_t {
  Function,  // entered at the first instruction; owns its frame: pushes, pops and returns
  Loop,      // entered in the middle with the frame in memory; the frame belongs to the interpreter
  Continuation,  // entered in the middle (a handler) of a frame that belongs to compiled code: returns like Function
  Resume,    // entered where a suspended generator goes on, or at one of its handlers; left at the next yield
};
// The frame was there before the unit, complete in memory, and is left there.
inline bool borrowsFrame(UnitKind k) { return k == UnitKind::Loop || k == UnitKind::Resume; }

struct Function {
  UnitKind kind = UnitKind::Function;
  uint32_t entryPc = 0;           // offset of the first instruction
  uint32_t entryDepth = 0;        // value stack entries at entry
  BlockId entry;
  std::vector<Value> values;
  std::vector<Block> blocks;      // emission order is decided by opt/layout
  std::vector<ValueId> operands;
  std::vector<FrameState> states;
  std::vector<const void*> codes; // code objects: [0] the unit's own, others inlined
  std::vector<uint64_t> codeBase; // address of each code's first instruction (instr_ptr = base + 2 * at)
  uint32_t nlocalsplus = 0, stacksize = 0, framesize = 0;  // of codes[0]; framesize in words
  uint32_t auxWords = 0;          // scratch words, first in the spill area (AuxAddr)
  uint32_t maxOutArgs = 0;        // most arguments passed by a CallUnit
  std::string name;

  Value& operator[](ValueId v) { return values[v.raw]; }
  const Value& operator[](ValueId v) const { return values[v.raw]; }
  Block& operator[](BlockId b) { return blocks[b.raw]; }
  const Block& operator[](BlockId b) const { return blocks[b.raw]; }
  FrameState& operator[](StateId s) { return states[s.raw]; }
  const FrameState& operator[](StateId s) const { return states[s.raw]; }
  ValueId arg(ValueId v, uint32_t i) const { return operands[values[v.raw].first + i]; }
  ValueId& arg(ValueId v, uint32_t i) { return operands[values[v.raw].first + i]; }

  BlockId newBlock();
  // Makes a value (not yet placed in a block).
  ValueId make(Op op, std::initializer_list<ValueId> args, int64_t imm = 0, uint32_t aux = 0);
  ValueId make(Op op, const std::vector<ValueId>& args, int64_t imm = 0, uint32_t aux = 0);
  StateId newState(FrameState s);
};

std::string print(const Function& f);
std::string printValue(const Function& f, ValueId v);
// Empty if every invariant in verify.cpp's opening comment holds, else the first violation.
std::string verify(const Function& f);

}  // namespace od
