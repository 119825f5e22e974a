# kg and its service in a container, as the service `api` of docker-compose.yml runs it.
FROM python:3.13-slim

RUN useradd --system --uid 10001 --home-dir /data kg && install --directory --owner kg --mode 0700 /data
COPY . /app
RUN pip install --no-cache-dir --constraint /app/constraints.txt hatchling \
 && pip install --no-cache-dir --no-build-isolation --constraint /app/constraints.txt /app

USER kg
WORKDIR /data
EXPOSE 8100
# No shell between: a stop reaches the service, which then finishes what is running.
ENTRYPOINT ["kg"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8100"]
