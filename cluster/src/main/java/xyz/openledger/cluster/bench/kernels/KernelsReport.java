package xyz.openledger.cluster.bench.kernels;

import java.util.List;
import xyz.openledger.cluster.bench.Surroundings;
import xyz.openledger.cluster.bench.match.MatchReport;

/**
 * What {@code bench kernels} found, with the conditions it was found under.
 *
 * @param kernels what serves on this machine
 * @param cuda the graphics processor, or why none was measured
 * @param peer OpenBLAS and the processor that it took this one for, or that there was none
 * @param findings what must hold and did not; with any of them the figures are worth nothing
 */
public record KernelsReport(
    Surroundings surroundings,
    long seed,
    String kernels,
    String cuda,
    String peer,
    List<MatchReport.Part> parts,
    List<String> findings) {}
