if [ -z "$GREETING" ]; then
  echo "Error: GREETING is not set"
  exit 1
fi
echo "$GREETING from $(hostname)"
# The shell ends when ECS asks it to, so that a deployment does not wait for the old container.
trap 'exit 0' TERM
httpd -f -v -p 8080 -h /www &
wait
