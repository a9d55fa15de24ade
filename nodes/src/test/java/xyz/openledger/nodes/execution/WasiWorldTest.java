package xyz.openledger.nodes.execution;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xyz.openledger.verification.gate.HostFunction;

class WasiWorldTest {
  private static final int SIZE = 65_536;

  private final LinearMemory memory = new LinearMemory(1, 1);
  private final WasiWorld world =
      new WasiWorld(Programs.request("0123456789".getBytes(UTF_8), "x"), memory);

  @Test
  void offersExactlyWhatTheGateLetsThrough() {
    assertThat(WasiFunctions.names())
        .isEqualTo(
            Arrays.stream(HostFunction.values())
                .map(HostFunction::importName)
                .collect(Collectors.toSet()));
  }

  @ParameterizedTest
  @ValueSource(ints = {SIZE - 3, SIZE, -1, Integer.MIN_VALUE, Integer.MAX_VALUE})
  void refusesPointersThatLeaveTheMemory(int pointer) {
    memory.writeI32(0, pointer);
    memory.writeI32(4, 8);

    assertFault(() -> world.argumentSizes(pointer, 0));
    assertFault(() -> world.argumentSizes(0, pointer));
    assertFault(() -> world.arguments(pointer, 0));
    assertFault(() -> world.arguments(0, pointer));
    assertFault(() -> world.environmentSizes(pointer, 0));
    assertFault(() -> world.clockResolution(0, pointer));
    assertFault(() -> world.clockTime(0, pointer));
    assertFault(() -> world.random(pointer, 8));
    assertFault(() -> world.read(0, pointer, 1, 100));
    assertFault(() -> world.read(0, 0, 1, 100));
    assertFault(() -> world.read(0, 8, 1, pointer));
    assertFault(() -> world.write(1, 0, 1, 100));
    assertFault(() -> world.write(1, 8, 1, pointer));
    assertFault(() -> world.descriptorStatus(0, pointer));
    assertThat(world.output()).isEmpty();
  }

  @Test
  void refusesALengthThatLeavesTheMemory() {
    assertFault(() -> world.random(SIZE - 8, 9));
    assertFault(() -> world.random(8, -1));
  }

  @Test
  void readsNothingAfterARefusal() {
    memory.writeI32(0, 200);
    memory.writeI32(4, 4);
    assertFault(() -> world.read(0, 0, 1, SIZE));

    world.read(0, 0, 1, 100);

    assertThat(memory.readBytes(200, 4)).asString(UTF_8).isEqualTo("0123");
  }

  @Test
  void letsTheClockStandAfterARefusal() {
    assertFault(() -> world.clockTime(0, SIZE));

    world.clockTime(0, 0);

    assertThat(memory.readLong(0)).isEqualTo(LogicalClock.START_NANOS);
  }

  @Test
  void readsIntoSeveralBuffersAndThenTheRest() {
    vector(0, 200, 3);
    vector(1, 300, 0);
    vector(2, 400, 4);

    world.read(0, 0, 3, 100);
    assertThat(memory.readInt(100)).isEqualTo(7);
    assertThat(memory.readBytes(200, 3)).asString(UTF_8).isEqualTo("012");
    assertThat(memory.readBytes(400, 4)).asString(UTF_8).isEqualTo("3456");

    world.read(0, 0, 3, 100);
    assertThat(memory.readInt(100)).isEqualTo(3);
    world.read(0, 0, 3, 100);
    assertThat(memory.readInt(100)).isZero();
  }

  @Test
  void readsOverItsOwnListOfBuffers() {
    vector(0, 8, 8);
    vector(1, 200, 2);

    world.read(0, 0, 2, 100);

    assertThat(memory.readBytes(8, 8)).asString(UTF_8).isEqualTo("01234567");
    assertThat(memory.readBytes(200, 2)).asString(UTF_8).isEqualTo("89");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, IoVectors.COUNT_MAX + 1, Integer.MIN_VALUE, Integer.MAX_VALUE})
  void refusesListsThatAreTooLong(int count) {
    assertRefused(Errno.INVAL, () -> world.read(0, 0, count, 100));
    assertRefused(Errno.INVAL, () -> world.write(1, 0, count, 100));
  }

  @Test
  void takesTheLongestList() {
    world.write(1, 0, IoVectors.COUNT_MAX, 60_000);

    assertThat(memory.readInt(60_000)).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 3, 4, Integer.MAX_VALUE, Integer.MIN_VALUE})
  void knowsThreeDescriptors(int unknown) {
    assertRefused(Errno.BADF, () -> world.read(unknown, 0, 0, 100));
    assertRefused(Errno.BADF, () -> world.write(unknown, 0, 0, 100));
    assertRefused(Errno.BADF, () -> world.seek(unknown));
    assertRefused(Errno.BADF, () -> world.close(unknown));
    assertRefused(Errno.BADF, () -> world.descriptorStatus(unknown, 0));
  }

  @Test
  void forgetsADescriptorThatWasClosed() {
    world.close(1);

    assertRefused(Errno.BADF, () -> world.write(1, 0, 0, 100));
    assertRefused(Errno.BADF, () -> world.close(1));
  }

  @Test
  void refusesClocksThatDoNotExist() {
    assertRefused(Errno.INVAL, () -> world.clockTime(4, 0));
    assertRefused(Errno.INVAL, () -> world.clockResolution(-1, 0));
  }

  @Test
  void refusesArgumentsThatNoCProgramCouldRead() {
    assertThatThrownBy(() -> Programs.request(new byte[0], "a\0b")).hasMessageContaining("NUL");
    assertThatThrownBy(
            () ->
                new ExecutionRequest(
                    Programs.TASK,
                    java.util.Collections.nCopies(65, "x"),
                    new byte[0],
                    Programs.LIMITS))
        .hasMessageContaining("64");
    assertThat(new ExecutionRequest(Programs.TASK, List.of(), new byte[0], Programs.LIMITS))
        .isNotNull();
  }

  private void vector(int index, int pointer, int length) {
    memory.writeI32(8 * index, pointer);
    memory.writeI32(8 * index + 4, length);
  }

  private static void assertFault(ThrowingCallable call) {
    assertRefused(Errno.FAULT, call);
  }

  private static void assertRefused(Errno errno, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            Errno.Refusal.class, refusal -> assertThat(refusal.errno).isEqualTo(errno));
  }
}
