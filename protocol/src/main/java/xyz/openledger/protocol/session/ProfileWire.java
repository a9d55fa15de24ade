package xyz.openledger.protocol.session;

import org.jspecify.annotations.Nullable;

/** Between what a machine says of itself and its protobuf form. */
final class ProfileWire {
  private ProfileWire() {}

  static xyz.openledger.protocol.node.v1.Inventory encode(Inventory inventory) {
    return xyz.openledger.protocol.node.v1.Inventory.newBuilder()
        .setOs(inventory.os())
        .setArchitecture(inventory.architecture())
        .setCpuModel(inventory.cpuModel())
        .addAllCpuFlags(inventory.cpuFlags())
        .setCores(inventory.cores())
        .setMemoryBytes(inventory.memoryBytes())
        .setDiskFreeBytes(inventory.diskFreeBytes())
        .addAllAccelerators(inventory.accelerators())
        .setSandbox(inventory.sandbox())
        .setAgentVersion(inventory.agentVersion())
        .addAllDegraded(inventory.degraded())
        .build();
  }

  static Inventory inventory(xyz.openledger.protocol.node.v1.Inventory inventory) {
    return NodeWire.within(
        "inventory",
        () ->
            new Inventory(
                inventory.getOs(),
                inventory.getArchitecture(),
                inventory.getCpuModel(),
                inventory.getCpuFlagsList(),
                inventory.getCores(),
                inventory.getMemoryBytes(),
                inventory.getDiskFreeBytes(),
                inventory.getAcceleratorsList(),
                inventory.getSandbox(),
                inventory.getAgentVersion(),
                inventory.getDegradedList()));
  }

  static xyz.openledger.protocol.node.v1.Benchmark encode(Benchmark benchmark) {
    return xyz.openledger.protocol.node.v1.Benchmark.newBuilder()
        .setFuelPerCpuSecond(benchmark.fuelPerCpuSecond())
        .setTaskRoundTripMicros(benchmark.taskRoundTripMicros())
        .setMemoryStepsPerSecond(
            benchmark.memoryStepsPerSecond() == null ? 0 : benchmark.memoryStepsPerSecond())
        .build();
  }

  static Benchmark benchmark(xyz.openledger.protocol.node.v1.Benchmark benchmark) {
    return NodeWire.within(
        "benchmark",
        () ->
            new Benchmark(
                benchmark.getFuelPerCpuSecond(),
                benchmark.getTaskRoundTripMicros(),
                benchmark.getMemoryStepsPerSecond() == 0
                    ? null
                    : (Long) benchmark.getMemoryStepsPerSecond()));
  }

  static xyz.openledger.protocol.node.v1.Terms encode(Terms terms) {
    QuietHours quiet = terms.quietHours();
    var wire = xyz.openledger.protocol.node.v1.Terms.newBuilder();
    Selling selling = terms.selling();
    if (selling != null) {
      wire.setSelling(
          xyz.openledger.protocol.node.v1.Selling.newBuilder()
              .setReservationNanoOpenPerGigafuel(selling.reservationNanoOpenPerGigafuel())
              .setSpotSlots(selling.spotSlots())
              .setReservedSlots(selling.reservedSlots())
              .setReservedNanoOpenPerSlotHour(selling.reservedNanoOpenPerSlotHour()));
    }
    return wire.setName(terms.name())
        .setPriceNanoOpenPerGigafuel(terms.priceNanoOpenPerGigafuel())
        .setSlots(terms.slots())
        .setMemoryMaxBytesPerSlot(terms.memoryMaxBytesPerSlot())
        .setCpuQuotaPercent(terms.cpuQuotaPercent())
        .setRegion(terms.region())
        .setCarbonGramsPerKwh(terms.carbonGramsPerKwh())
        .setWatts(terms.watts())
        .setQuietHours(quiet == null ? "" : quiet.toString())
        .putAllLabels(terms.labels())
        .setAccept(terms.accept())
        .setPrefer(terms.prefer())
        .build();
  }

  static Terms terms(xyz.openledger.protocol.node.v1.Terms terms) {
    return NodeWire.within(
        "terms",
        () ->
            new Terms(
                terms.getName(),
                terms.getPriceNanoOpenPerGigafuel(),
                terms.getSlots(),
                terms.getMemoryMaxBytesPerSlot(),
                terms.getCpuQuotaPercent(),
                terms.getRegion(),
                terms.getCarbonGramsPerKwh(),
                terms.getWatts(),
                quietHours(terms.getQuietHours()),
                terms.getLabelsMap(),
                terms.getAccept(),
                terms.getPrefer(),
                terms.hasSelling() ? selling(terms.getSelling()) : null));
  }

  private static Selling selling(xyz.openledger.protocol.node.v1.Selling selling) {
    return new Selling(
        selling.getReservationNanoOpenPerGigafuel(),
        selling.getSpotSlots(),
        selling.getReservedSlots(),
        selling.getReservedNanoOpenPerSlotHour());
  }

  private static @Nullable QuietHours quietHours(String text) {
    return text.isEmpty() ? null : QuietHours.parse(text);
  }
}
