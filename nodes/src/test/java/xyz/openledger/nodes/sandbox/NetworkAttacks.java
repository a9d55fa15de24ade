package xyz.openledger.nodes.sandbox;

import static xyz.openledger.nodes.sandbox.Hostile.attack;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;

/** Talks to the host and to the world. */
final class NetworkAttacks {
  private NetworkAttacks() {}

  static void on(Hostile.Host host) {
    attack(
        "connect to the host",
        () -> {
          try (var socket = new Socket(InetAddress.getLoopbackAddress(), host.port())) {
            return socket.toString();
          }
        });
    attack(
        "connect to the world",
        () -> {
          try (var socket = new Socket()) {
            // An address kept for documentation: nobody is there.
            socket.connect(new InetSocketAddress("192.0.2.1", 80), 500);
            return socket.toString();
          }
        });
    attack(
        "send a datagram",
        () -> {
          try (var socket = new DatagramSocket()) {
            var address = InetAddress.getLoopbackAddress();
            socket.send(new DatagramPacket(new byte[1], 1, address, host.port()));
            return "sent";
          }
        });
    attack(
        "open a server",
        () -> {
          try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return server.toString();
          }
        });
    attack(
        "connect to the host's local socket",
        () -> {
          try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(host.folder().resolve("socket")));
            return channel.toString();
          }
        });
  }
}
