package xyz.openledger.verification.gate;

import java.util.List;

/**
 * What the gate saw in a module and did to it.
 *
 * @param gateVersion {@link FuelSchedule#GATE_VERSION}
 * @param submittedBytes size of the module as submitted
 * @param gatedBytes size of the module that runs
 * @param functions defined functions, without those the gate added
 * @param instructions in all their bodies
 * @param charges places where fuel is charged
 * @param canonicalisations places where a NaN is made canonical
 * @param memoryPagesMin initial memory, in pages of 64 KiB
 * @param memoryPagesMax what it can grow to
 * @param imports names of the host functions it imports, as in {@link HostFunction#importName}
 */
public record GateReport(
    int gateVersion,
    int submittedBytes,
    int gatedBytes,
    int functions,
    long instructions,
    long charges,
    long canonicalisations,
    int memoryPagesMin,
    int memoryPagesMax,
    List<String> imports) {

  public GateReport {
    imports = List.copyOf(imports);
  }
}
