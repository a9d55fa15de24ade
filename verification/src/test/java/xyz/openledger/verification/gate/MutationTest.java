package xyz.openledger.verification.gate;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.verification.gate.GateRefusal.Reason;

/**
 * Valid modules with random damage. The gate answers each with a module or a refusal, in bounded
 * memory; what it admits an independent engine finds valid; what it calls invalid, that engine does
 * too.
 */
class MutationTest {

  private static final int MUTANTS = 4_000;

  /** Reasons by which the gate says that a module breaks the specification's rules. */
  private static final List<Reason> INVALID =
      List.of(
          Reason.NOT_WEBASSEMBLY,
          Reason.TRUNCATED,
          Reason.MALFORMED,
          Reason.TYPE_MISMATCH,
          Reason.UNKNOWN_INDEX);

  /** A module of a few hundred bytes needs far less; one that believed a count, far more. */
  private static final long ALLOCATED_BYTES_MAX = 4 << 20;

  @TempDir private Path folder;

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Answer(byte[] module, byte @Nullable [] gated, @Nullable GateRefusal refusal) {}

  @Test
  void everyMutantIsAdmittedOrRefusedAsV8WouldJudgeIt() {
    var random = new Random(5);
    var answers = new ArrayList<Answer>();
    for (int i = 0; i < MUTANTS; i++) {
      byte[] module = RandomProgram.of(i % 97, i % 2 == 0);
      int damages = 1 + random.nextInt(2);
      for (int k = 0; k < damages; k++) {
        module = mutate(module, random);
      }
      answers.add(answer(module));
    }

    assertThat(answers).anyMatch(answer -> answer.gated() != null);
    admittedModulesAreValid(answers);
    refusedModulesAreInvalid(answers);
  }

  private static Answer answer(byte[] module) {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    Answer answer;
    try {
      answer = new Answer(module, WasmGate.admit(module, GateLimits.DEFAULT).bytes(), null);
    } catch (GateRefusal refusal) {
      assertThat(refusal.byteOffset()).isBetween(0, module.length);
      answer = new Answer(module, null, refusal);
    }
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(ALLOCATED_BYTES_MAX);
    return answer;
  }

  private void admittedModulesAreValid(List<Answer> answers) {
    var admitted = answers.stream().filter(answer -> answer.gated() != null).toList();
    var modules = new ArrayList<byte[]>();
    admitted.forEach(answer -> modules.add(answer.module()));
    admitted.forEach(answer -> modules.add(answer.gated()));
    assertThat(V8.validate(folder, modules)).as("admitted, plain and gated").doesNotContain(false);
  }

  private void refusedModulesAreInvalid(List<Answer> answers) {
    var refused =
        answers.stream()
            .filter(answer -> answer.refusal() != null && INVALID.contains(answer.refusal().kind()))
            .toList();
    var verdicts = V8.validate(folder, refused.stream().map(Answer::module).toList());
    for (int i = 0; i < refused.size(); i++) {
      assertThat(verdicts.get(i)).as("%s", refused.get(i).refusal()).isFalse();
    }
  }

  private static byte[] mutate(byte[] module, Random random) {
    int at = 8 + random.nextInt(module.length - 8);
    var out = new ByteWriter(module.length + 8).raw(module, 0, at);
    switch (random.nextInt(6)) {
      case 0 -> {} // cut off here
      case 1 -> out.u8(random.nextInt(256)).raw(module, at, module.length);
      case 2 -> out.raw(module, at + 1, module.length);
      case 3 -> out.u8(0xFF).u8(0xFF).raw(module, Math.min(module.length, at + 2), module.length);
      default -> out.u8(random.nextInt(256)).raw(module, at + 1, module.length);
    }
    return out.toBytes();
  }
}
