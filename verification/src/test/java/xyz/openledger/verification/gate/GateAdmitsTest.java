package xyz.openledger.verification.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static xyz.openledger.verification.gate.Opcodes.*;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import run.endive.wasm.Parser;
import xyz.openledger.protocol.Digest;

/** What a module becomes on its way through the gate. */
class GateAdmitsTest {

  private static final GateLimits LIMITS = GateLimits.DEFAULT;

  @Test
  void anEmptyProgramIsAdmittedAndItsCodeIsTheDigestOfTheGatedBytes() {
    byte[] module = ModuleBuilder.program("", code -> {});

    var gated = WasmGate.admit(module, LIMITS);

    assertThat(gated.code()).isEqualTo(Digest.of(gated.bytes()));
    assertThat(gated.report().functions()).isEqualTo(1);
    assertThat(gated.report().gateVersion()).isEqualTo(1);
    assertThat(gated.report().submittedBytes()).isEqualTo(module.length);
    assertThat(gated.report().gatedBytes()).isEqualTo(gated.bytes().length);
  }

  @Test
  void theSameModuleAlwaysHasTheSameCodeIdentity() {
    byte[] module = RandomProgram.of(7, false);

    assertThat(WasmGate.admit(module, LIMITS).bytes())
        .isEqualTo(WasmGate.admit(module.clone(), LIMITS).bytes());
  }

  /** A change of the gate's output changes every code identity: it needs a new gate version. */
  @Test
  void theOutputOfGateVersionOneIsPinned() {
    var digests = new ArrayList<byte[]>();
    for (int seed = 0; seed < 50; seed++) {
      digests.add(WasmGate.admit(RandomProgram.of(seed, false), LIMITS).code().bytes());
    }

    assertThat(FuelSchedule.GATE_VERSION).isEqualTo(1);
    assertThat(Digest.of(digests.toArray(byte[][]::new)).toString())
        .isEqualTo("sha256:6a25b49b0f6c0ac596fc38796427d6de708d61970890581b956f4e7bd9e6f20f");
  }

  @Test
  void namesCustomSectionsAndPaddedNumbersDoNotChangeTheIdentity() {
    byte[] plain = ModuleBuilder.program("", code -> code.constant(I32_CONST, 1).u8(DROP));
    byte[] padded =
        ModuleBuilder.program("", code -> code.ops(I32_CONST, 0x81, 0x80, 0x00).u8(DROP));
    byte[] named =
        new ByteWriter(plain.length + 16)
            .raw(plain, 0, plain.length)
            .u8(0)
            .sized(new ByteWriter(16).name("name").u8(42))
            .toBytes();

    var code = WasmGate.admit(plain, LIMITS).code();

    assertThat(WasmGate.admit(padded, LIMITS).code()).isEqualTo(code);
    assertThat(WasmGate.admit(named, LIMITS).code()).isEqualTo(code);
  }

  @Test
  void aMemoryWithoutMaximumGetsTheCapAndASmallerMaximumStays() {
    byte[] open = ModuleBuilder.program("", code -> {});
    var builder = new ModuleBuilder().memory(1, 3);
    byte[] small = builder.start(builder.function(":", "", code -> {})).build();

    var gatedOpen = WasmGate.admit(open, LIMITS.withMemoryPagesMax(100));
    var gatedSmall = WasmGate.admit(small, LIMITS.withMemoryPagesMax(100));

    assertThat(gatedOpen.report().memoryPagesMax()).isEqualTo(100);
    assertThat(gatedSmall.report().memoryPagesMax()).isEqualTo(3);
    assertThat(memoryMax(gatedOpen)).isEqualTo(100);
    assertThat(memoryMax(gatedSmall)).isEqualTo(3);
  }

  @Test
  void theCapsArePartOfTheIdentity() {
    byte[] module = ModuleBuilder.program("", code -> {});

    assertThat(
            List.of(
                WasmGate.admit(module, LIMITS).code(),
                WasmGate.admit(module, LIMITS.withMemoryPagesMax(100)).code(),
                WasmGate.admit(module, LIMITS.withStackSlotsMax(100)).code()))
        .doesNotHaveDuplicates();
  }

  @Test
  void onlyWhatTheHostUsesIsExported() {
    var builder = new ModuleBuilder();
    int secret = builder.global(ValueTypes.I32, true, 5);
    int start = builder.function(":", "", code -> {});
    byte[] module =
        builder
            .export("secret", ModuleBuilder.GLOBAL, secret)
            .export("helper", ModuleBuilder.FUNCTION, start)
            .start(start)
            .build();

    var exports = Parser.parse(WasmGate.admit(module, LIMITS).bytes()).exportSection();

    var names = new ArrayList<String>();
    for (int i = 0; i < exports.exportCount(); i++) {
      names.add(exports.getExport(i).name());
    }
    assertThat(names)
        .containsExactly("_start", "memory", GatedModule.FUEL_EXPORT, GatedModule.STATE_EXPORT);
  }

  @Test
  void fuelUsedIsNeverNegativeAndNeverMoreThanGranted() {
    assertThat(FuelSchedule.used(100, 40)).isEqualTo(60);
    assertThat(FuelSchedule.used(100, -7)).isEqualTo(100);
    assertThat(FuelSchedule.used(0, 0)).isZero();
    assertThat(FuelSchedule.used(Long.MAX_VALUE, -1)).isEqualTo(Long.MAX_VALUE);
  }

  private static int memoryMax(GatedModule gated) {
    return Parser.parse(gated.bytes())
        .memorySection()
        .orElseThrow()
        .getMemory(0)
        .limits()
        .maximumPages();
  }
}
