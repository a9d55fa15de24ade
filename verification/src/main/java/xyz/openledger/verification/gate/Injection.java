package xyz.openledger.verification.gate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The indices of what the gate adds to a module. All of it stands after what the module has, so
 * that no index of the module changes; only a call of an imported function goes to the function
 * that meters it.
 */
final class Injection {

  /** Functions in the order in which they are added; then one for each import. */
  static final int FIXED_FUNCTIONS = 10;

  private final WasmModule module;
  private final List<Signature> types;
  private final Map<Signature, Integer> typeIndices = new HashMap<>();

  Injection(WasmModule module) {
    this.module = module;
    this.types = new ArrayList<>(module.types());
    for (int i = 0; i < types.size(); i++) {
      typeIndices.putIfAbsent(types.get(i), i);
    }
  }

  /** The types of the module and those the gate needs besides. */
  List<Signature> types() {
    return types;
  }

  /** The index of a type, added if the module has none like it. */
  int typeOf(Signature signature) {
    return typeIndices.computeIfAbsent(
        signature,
        absent -> {
          types.add(absent);
          return types.size() - 1;
        });
  }

  // Globals

  /** The fuel left: i64, exported. */
  int fuel() {
    return module.globals().size();
  }

  /** Why a run was ended: i32, exported. */
  int state() {
    return fuel() + 1;
  }

  /** The slots of call depth left: i32. */
  int stack() {
    return fuel() + 2;
  }

  // Functions

  /** Ends a run that has no fuel left: () -> (). */
  int exhausted() {
    return module.functionCount();
  }

  /** Ends a run that is too deep: () -> (). */
  int tooDeep() {
    return module.functionCount() + 1;
  }

  /** Moves gathered charges to the fuel and returns 0: (i32) -> (i32). */
  int spend() {
    return module.functionCount() + 2;
  }

  /** {@code memory.grow} that charges what it gains: (i32) -> (i32). */
  int grow() {
    return module.functionCount() + 3;
  }

  /** Charges the length of a bulk operation and returns it: (i32) -> (i32). */
  int bulk() {
    return module.functionCount() + 4;
  }

  /** {@code f32.copysign} that takes every NaN's sign as plus: (f32, f32) -> (f32). */
  int copysignF32() {
    return module.functionCount() + 5;
  }

  /** {@code f64.copysign} that takes every NaN's sign as plus: (f64, f64) -> (f64). */
  int copysignF64() {
    return module.functionCount() + 6;
  }

  /** {@code f32.convert_i64_u}: (i64) -> (f32). */
  int convertF32() {
    return module.functionCount() + 7;
  }

  /** {@code f64.convert_i64_u}: (i64) -> (f64). */
  int convertF64() {
    return module.functionCount() + 8;
  }

  /** What is exported as {@code _start}: () -> (). */
  int start() {
    return module.functionCount() + 9;
  }

  /** Where a call of {@code function} goes: imported ones are called through their meter. */
  int callee(int function) {
    return function < module.imports().size()
        ? module.functionCount() + FIXED_FUNCTIONS + function
        : function;
  }
}
