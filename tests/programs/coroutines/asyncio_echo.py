# An asyncio server and clients on the loopback interface.
import asyncio


async def handle(reader, writer):
    while line := await reader.readline():
        number = int(line)
        total = 0
        for i in range(number):
            total += i * i
        writer.write(f"{total}\n".encode())
        await writer.drain()
    writer.close()
    await writer.wait_closed()


async def client(port, numbers):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answers = []
    for n in numbers:
        writer.write(b"%d\n" % n)
        answers.append(int(await reader.readline()))
    writer.close()
    await writer.wait_closed()
    return answers


async def main():
    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        for answers in await asyncio.gather(*(client(port, range(k, 400, 40)) for k in range(8))):
            print(answers)


asyncio.run(main())
