// How the interpreter's frame is found again at an exit or call-out: for each state, where every slot's value lies.
// Written by emit, read by frames/materialise. Varints; one record a state.
#pragma once
#include <cstdint>
#include <vector>
#include "ir/ir.h"

namespace od {

enum class Where : uint8_t { Gpr, Xmm, Spill, Const };   // Const: payload is the value itself (address, int, double bits)

struct ValueLocation {
  Where where;
  Rep rep;             // Obj: a reference; I64, F64, Bool: to be boxed, once per value
  bool owned;          // Obj: the frame holds one reference. I64, F64: may be kUnboundInt, kUnboundFloat: null
  uint64_t payload;    // register number, spill slot index, or constant
};

struct DecodedState {
  StateId parent;
  uint32_t code, at, resume;
  ExitKind kind;
  uint16_t drop, reason;
  bool published;                        // is the frame's header written at this point?
  std::vector<ValueLocation> values;     // distinct values
  std::vector<int32_t> slots;            // index into values, or -1: null
  std::vector<int32_t> pending;
};

class ExitMap {
 public:
  void add(StateId id, const DecodedState& s);
  DecodedState decode(StateId id) const;
  uint32_t at(StateId id) const;         // its instruction, which is most of what is asked
  bool has(StateId id) const;
  bool isSame(StateId id, const DecodedState& s) const;   // as the other description of the same frame state?
  size_t bytes() const { return data_.size() + offsets_.size() * 4; }
  void done();                           // nothing will be added
 private:
  uint32_t findPlaces(const std::vector<uint8_t>& places) const;
  std::vector<uint8_t> data_;
  std::vector<uint32_t> offsets_;        // ~0: the state was optimised away
  struct Places { uint32_t offset, size; };
  std::vector<Places> places_;           // of those written so far; empty when all is done
};

}  // namespace od
