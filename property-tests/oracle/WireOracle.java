/*
 * The oracle of the election port: what ZooKeeper's own classes make of bytes and texts. One question a line on standard
 * input, fields separated by tabs; one answer a line on standard output. Stands in ZooKeeper's package like Oracle.
 *
 *   initial HEX        what QuorumCnxManager.handleConnection does first: InitialMessage.parse on a buffered stream
 *   config HEX STANDALONE MULTI   QuorumPeer.configFromString on the UTF-8 text of these bytes, with
 *                    standaloneEnabled and zookeeper.multiAddress.enabled
 */
package org.apache.zookeeper.server.quorum;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.StringReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.zookeeper.server.quorum.QuorumCnxManager.InitialMessage;
import org.apache.zookeeper.server.quorum.QuorumPeer.QuorumServer;
import org.apache.zookeeper.server.quorum.QuorumPeerConfig.ConfigException;
import org.apache.zookeeper.server.quorum.flexible.QuorumVerifier;

public final class WireOracle {
    public static void main(String[] args) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        BufferedWriter out = new BufferedWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] q = line.split("\t", -1);
            out.write(q[0].equals("initial") ? initial(bytes(q[1])) : config(bytes(q[1]), q[2], q[3]));
            out.write('\n');
        }
        out.flush();
        System.exit(0);
    }

    private static byte[] bytes(String hex) {
        byte[] bytes = new byte[hex.length() / 2];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Integer.parseInt(hex.substring(2 * i, 2 * i + 2), 16);
        }
        return bytes;
    }

    private static String initial(byte[] bytes) {
        DataInputStream din = new DataInputStream(new BufferedInputStream(new ByteArrayInputStream(bytes)));
        try {
            long first = din.readLong();
            if (first >= 0) {
                return "accepted " + first;
            }
            InitialMessage message = InitialMessage.parse(first, din);
            return "accepted " + message.sid + message.electionAddr.stream()
                .map(a -> " " + a.getPort()).collect(Collectors.joining());
        } catch (InitialMessage.InitialMessageException e) {
            String text = e.getMessage();
            return text.startsWith("Got unrec") ? "badProtocolVersion" : text.startsWith("Unreason") ? "badLength"
                : text.startsWith("Read only") ? "shortAddress" : "badAddress";
        } catch (IOException e) {
            return "eof";
        } catch (RuntimeException e) {
            return "listenerDies";
        }
    }

    private static String config(byte[] bytes, String standalone, String multiAddress) {
        QuorumPeerConfig.setStandaloneEnabled(standalone.equals("true"));
        System.setProperty("zookeeper.multiAddress.enabled", multiAddress);
        try {
            Properties properties = new Properties();
            properties.load(new StringReader(new String(bytes, StandardCharsets.UTF_8)));
            QuorumVerifier verifier = QuorumPeerConfig.parseDynamicConfig(properties, 3, false, false, null);
            StringBuilder answer = new StringBuilder("parsed " + verifier.getVersion());
            for (QuorumServer server : new TreeMap<>(verifier.getAllMembers()).values()) {
                answer.append(' ').append(server.id).append(' ').append(server.type)
                    .append(ports(server.addr)).append(ports(server.electionAddr))
                    .append(server.clientAddr == null ? "-" : server.clientAddr.getPort());
            }
            return answer.toString();
        } catch (IOException | ConfigException e) {
            return "configError";
        } catch (RuntimeException e) {
            return "receiverDies";
        }
    }

    /** Hosts are not compared: Java spells out those that it resolves. */
    private static String ports(MultipleAddresses addresses) {
        return addresses.getAllAddresses().stream().map(InetSocketAddress::getPort).sorted()
            .map(String::valueOf).collect(Collectors.joining(",", "[", "]"));
    }
}
