package xyz.openledger.nativekernels.strict;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Kernels of which products, adapters and attention are asked of a device, the others of Java. */
final class OnDevice {
  static final Set<StrictCase> CASES =
      Set.of(StrictCase.LINEAR, StrictCase.LINEAR_PACKED, StrictCase.LORA, StrictCase.ATTENTION);

  private final CudaDevice device;
  private final List<CudaBuffer> made = new ArrayList<>();

  /** Calls that the device answered. */
  int calls;

  OnDevice(CudaDevice device) {
    this.device = device;
  }

  StrictKernels kernels() {
    return (StrictKernels)
        Proxy.newProxyInstance(
            OnDevice.class.getClassLoader(),
            new Class<?>[] {StrictKernels.class},
            (proxy, method, arguments) -> {
              switch (method.getName()) {
                case "linear" -> linear(arguments);
                case "linearPacked" -> linearPacked(arguments);
                case "lora" -> lora(arguments);
                case "attention" -> attention(arguments);
                default -> {
                  try {
                    return method.invoke(StrictKernels.java(), arguments);
                  } catch (InvocationTargetException thrown) {
                    throw thrown.getCause();
                  }
                }
              }
              calls++;
              made.forEach(CudaBuffer::close);
              made.clear();
              return null;
            });
  }

  private CudaBuffer there(Object here) {
    var memory = (MemorySegment) here;
    CudaBuffer buffer = device.allocate(Math.max(1, memory.byteSize()));
    made.add(buffer);
    device.upload(memory, buffer);
    return buffer;
  }

  private void linear(Object[] a) {
    CudaBuffer y = there(a[8]);
    device.linear(
        (int) a[0],
        (int) a[1],
        (int) a[2],
        there(a[3]),
        (long) a[4],
        (WeightType) a[5],
        there(a[6]),
        (long) a[7],
        y,
        (long) a[9],
        (boolean) a[10]);
    device.download(y, (MemorySegment) a[8]);
  }

  private void linearPacked(Object[] a) {
    CudaBuffer y = there(a[7]);
    device.linearPacked(
        (int) a[0],
        (int) a[1],
        (int) a[2],
        there(a[3]),
        (long) a[4],
        (WeightType) a[5],
        there(a[6]),
        y,
        (long) a[8],
        (boolean) a[9]);
    device.download(y, (MemorySegment) a[7]);
  }

  private void lora(Object[] a) {
    CudaBuffer y = there(a[12]);
    device.lora(
        (int) a[0],
        (MemorySegment) a[1],
        (MemorySegment) a[2],
        (MemorySegment) a[3],
        (MemorySegment) a[4],
        (MemorySegment) a[5],
        (WeightType) a[6],
        there(a[7]),
        (int) a[8],
        (int) a[9],
        there(a[10]),
        (long) a[11],
        y,
        (long) a[13]);
    device.download(y, (MemorySegment) a[12]);
  }

  private void attention(Object[] a) {
    CudaBuffer out = there(a[12]);
    var pages = (StrictAttention.Pages) a[7];
    device.attention(
        (int) a[0],
        (int) a[1],
        (int) a[2],
        (int) a[3],
        (float) a[4],
        there(a[5]),
        (long) a[6],
        new CudaDevice.Pages(
            there(pages.keys()),
            there(pages.values()),
            pages.pageTokens(),
            pages.pageStride(),
            pages.tokenStride(),
            pages.headStride()),
        (MemorySegment) a[8],
        (long) a[9],
        (MemorySegment) a[10],
        (MemorySegment) a[11],
        out,
        (long) a[13]);
    device.download(out, (MemorySegment) a[12]);
  }

  /** Holds what the device answers against the reference, on drawn questions. */
  void compare(StrictCase asked, int seeds, boolean special) {
    for (long seed = 1; seed <= seeds; seed++) {
      int[] expected = Variants.bits(asked.ask(StrictKernels.java(), new Drawn(seed, special)));
      int[] answer = Variants.bits(asked.ask(kernels(), new Drawn(seed, special)));
      assertThat(answer).as("%s, seed %d", asked, seed).isEqualTo(expected);
    }
  }
}
