package xyz.openledger.chainanchor.evm;

/** A contract to be put on a chain: its name, and what its constructor is given. */
record Creation(String contract, Call arguments) {

  /** What the creating transaction carries: code and arguments. */
  String data() {
    return Contracts.bytecode(contract) + arguments.encoded();
  }
}
